import { bodyOf } from '../../../../comment-requests.ts';
import { caller } from '../../../../requests.ts';
import { noContent, refusedSharing, roleSchema } from '../../../../sharing-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Gives somebody on the map another right. A new owner needs the password of whoever says so. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, roleSchema);
  if ('refused' in body) return body.refused;
  const { role, password } = body.value;
  const proof = { password, address: event.getClientAddress() };
  const { id, person } = event.params;
  const changed = await event.locals.app.sharing.setRole(who.principal, id, person, role, proof);
  return changed.ok ? noContent() : refusedSharing(changed);
};

/** Takes somebody off the map, or oneself. */
export const DELETE: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { id, person } = event.params;
  const gone = await event.locals.app.sharing.remove(who.principal, id, person);
  return gone.ok ? noContent() : refusedSharing(gone);
};

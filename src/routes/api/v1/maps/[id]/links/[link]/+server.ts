import { bodyOf } from '../../../../comment-requests.ts';
import { answer, caller, refused } from '../../../../requests.ts';
import { addressOf, noContent, refusedSharing, rotateSchema } from '../../../../sharing-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Gives the link a new address; the old one opens nothing any more. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, rotateSchema);
  if ('refused' in body) return body.refused;
  const { id, link } = event.params;
  const token = await event.locals.app.sharing.rotateLink(who.principal, id, link);
  return token.ok ? answer({ url: addressOf(event, 's', token.value) }) : refusedSharing(token);
};

/** Ends the link and the rights that came by it. */
export const DELETE: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const ended = await event.locals.app.maps.revokeLink(who.principal, event.params.id, event.params.link);
  return ended.ok ? noContent() : refused(ended);
};

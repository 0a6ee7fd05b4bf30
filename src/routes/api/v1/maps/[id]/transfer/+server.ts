import { bodyOf } from '../../../comment-requests.ts';
import { caller } from '../../../requests.ts';
import { noContent, refusedSharing, transferSchema } from '../../../sharing-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Makes somebody the owner in one's own place. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, transferSchema);
  if ('refused' in body) return body.refused;
  const { to, password } = body.value;
  const proof = { password, address: event.getClientAddress() };
  const passed = await event.locals.app.sharing.transfer(who.principal, event.params.id, to, proof);
  return passed.ok ? noContent() : refusedSharing(passed);
};

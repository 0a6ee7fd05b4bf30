import { bodyOf } from '../../../comment-requests.ts';
import { answer, caller } from '../../../requests.ts';
import { addressOf, linkSchema, refusedSharing } from '../../../sharing-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Makes a share link. Its address is answered here and nowhere else. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, linkSchema);
  if ('refused' in body) return body.refused;
  const made = await event.locals.app.sharing.createLink(who.principal, event.params.id, body.value);
  if (!made.ok) return refusedSharing(made);
  const { link, token } = made.value;
  return answer({ ...link, url: addressOf(event, 's', token) }, 201);
};

import { bodyOf } from '../../../comment-requests.ts';
import { answer, caller } from '../../../requests.ts';
import { addressOf, invitationSchema, refusedSharing } from '../../../sharing-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Invites an address. What is answered is the same whether it has an account or not. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, invitationSchema);
  if ('refused' in body) return body.refused;
  const invited = await event.locals.app.sharing.invite(who.principal, event.params.id, body.value);
  if (!invited.ok) return refusedSharing(invited);
  const { id, token } = invited.value;
  return answer({ id, url: addressOf(event, 'i', token) }, 201);
};

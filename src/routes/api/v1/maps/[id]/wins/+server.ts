import { bodyOf } from '../../../comment-requests.ts';
import { answer, caller, refused } from '../../../requests.ts';
import { winSchema } from '../../../review-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Shares a win with everybody on the map. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, winSchema);
  if ('refused' in body) return body.refused;
  const shared = await event.locals.app.reviews.celebrate(who.principal, event.params.id, body.value);
  return shared.ok ? answer({ id: shared.value }, 201) : refused(shared);
};

import { bodyOf } from '../../../comment-requests.ts';
import { answer, caller, refused } from '../../../requests.ts';
import { concludeSchema, planSchema } from '../../../review-requests.ts';
import type { RequestHandler } from './$types.ts';

/** When the map is to be looked through, what came of it, and its wins. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const found = await event.locals.app.reviews.read(who.principal, event.params.id);
  return found.ok ? answer(found.value) : refused(found);
};

/** Plans the next review. */
export const PUT: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, planSchema);
  if ('refused' in body) return body.refused;
  const planned = await event.locals.app.reviews.plan(who.principal, event.params.id, body.value);
  return planned.ok ? answer({}) : refused(planned);
};

/** Concludes a review. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, concludeSchema);
  if ('refused' in body) return body.refused;
  const concluded = await event.locals.app.reviews.conclude(who.principal, event.params.id, body.value);
  return concluded.ok ? answer({}, 201) : refused(concluded);
};

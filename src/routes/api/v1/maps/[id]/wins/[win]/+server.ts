import { answer, caller, refused } from '../../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** Its author, or an owner of the map, takes a win away. */
export const DELETE: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { id, win } = event.params;
  const removed = await event.locals.app.reviews.removeWin(who.principal, id, win);
  return removed.ok ? answer({}) : refused(removed);
};

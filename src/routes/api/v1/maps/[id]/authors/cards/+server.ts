import { answer, caller, refused } from '../../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** Who put the cards of the map there. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const told = await event.locals.app.authors.cards(who.principal, event.params.id);
  return told.ok ? answer(told.value) : refused(told);
};

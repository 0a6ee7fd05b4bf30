import { refusedComment } from '../../../comment-requests.ts';
import { answer, caller } from '../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** Everybody on the map: who can be mentioned. No addresses. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const people = await event.locals.app.comments.people(who.principal, event.params.id);
  return people.ok ? answer({ people: people.value }) : refusedComment(people);
};

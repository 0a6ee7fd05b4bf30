import { isPictureProblem, pictureAnswer, refusedPicture } from '../../../../../../pictures.ts';
import { answer, caller, refused } from '../../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** A picture of the map. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  return 'refused' in who ? who.refused : pictureAnswer(event, refused);
};

/** Puts a picture on this map that is on another one which the caller may read, as pasting does. */
export const PUT: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { id, hash } = event.params;
  const brought = await event.locals.app.pictures.bring(who.principal, id, hash);
  if (brought.ok) return answer({});
  const { reason } = brought;
  return isPictureProblem(reason) ? refusedPicture(reason) : refused({ ok: false, reason });
};

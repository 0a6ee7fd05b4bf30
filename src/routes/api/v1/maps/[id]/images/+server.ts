import { problem } from '#lib/protocol/problem.ts';
import { isPictureProblem, refusedPicture } from '../../../../../pictures.ts';
import { answer, caller, refused } from '../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/**
 * Takes a picture for the map: the body is the file. Its type is told by its bytes; it is decoded and written anew, and
 * what it carried besides its pixels is left behind.
 */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { throttle, pictures } = event.locals.app;
  const wait =
    (await throttle.take('picture', who.principal.userId)) ??
    (await throttle.take('picture, by address', event.getClientAddress()));
  if (wait !== null) return problem(429, undefined, [], { 'retry-after': String(wait) });
  const { id } = event.params;
  const added = await pictures.add(who.principal, id, event.request.body ?? new Blob().stream());
  if (added.ok) {
    const url = `${event.url.origin}/maps/${id}/images/${added.value.hash}`;
    return answer({ ...added.value, url }, 201, {
      location: `/api/v1/maps/${id}/images/${added.value.hash}`
    });
  }
  const { reason } = added;
  return isPictureProblem(reason) ? refusedPicture(reason) : refused({ ok: false, reason });
};

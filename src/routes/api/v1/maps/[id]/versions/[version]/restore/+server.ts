import { caller, refused } from '../../../../../requests.ts';
import { kept, readWords, restoreSchema } from '../../../../../versions.ts';
import type { RequestHandler } from './$types.ts';

/** Goes back to a version, as one edit of the caller's. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const read = await readWords(event.request, restoreSchema);
  if ('refused' in read) return read.refused;
  const { id, version } = event.params;
  const done = await event.locals.app.history.restore(who.principal, id, version, read.words.reason);
  return done.ok ? kept(done.value, 200) : refused(done);
};

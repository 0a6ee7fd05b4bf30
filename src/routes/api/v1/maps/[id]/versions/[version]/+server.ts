import { answer, caller, refused } from '../../../../requests.ts';
import { kept, nameSchema, readWords } from '../../../../versions.ts';
import type { RequestHandler } from './$types.ts';

/** A version as a map file. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { id, version } = event.params;
  const file = await event.locals.app.history.file(who.principal, id, version);
  return file.ok ? answer(file.value) : refused(file);
};

/** Names a version. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const read = await readWords(event.request, nameSchema);
  if ('refused' in read) return read.refused;
  const { id, version } = event.params;
  const done = await event.locals.app.history.rename(who.principal, id, version, read.words);
  return done.ok ? kept(done.value, 200) : refused(done);
};

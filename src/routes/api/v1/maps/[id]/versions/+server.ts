import { answer, badCursor, caller, pageSchema, readQuery, refused } from '../../../requests.ts';
import { keepSchema, kept, readWords, versionJson } from '../../../versions.ts';
import type { RequestHandler } from './$types.ts';

/** Kept states of the map, newest first. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const asked = readQuery(event.url.searchParams, pageSchema);
  if ('refused' in asked) return asked.refused;
  const { history } = event.locals.app;
  const listed = await badCursor(() => history.list(who.principal, event.params.id, asked.output));
  if (listed instanceof Response) return listed;
  if (!listed.ok) return refused(listed);
  const { versions, next } = listed.value;
  return answer({ versions: versions.map(versionJson), next });
};

/** Keeps the map as it is now. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const read = await readWords(event.request, keepSchema);
  if ('refused' in read) return read.refused;
  const done = await event.locals.app.history.keep(who.principal, event.params.id, read.words);
  return done.ok ? kept(done.value, 201) : refused(done);
};

import { bodyOf, listed, pageOf, refusedComment, threadSchema } from '../../../comment-requests.ts';
import { answer, caller } from '../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** The map's threads, newest first. */
export const GET: RequestHandler = (event) =>
  listed(async () => {
    const who = await caller(event);
    if ('refused' in who) return who.refused;
    const page = pageOf(event.url, 200);
    if ('refused' in page) return page.refused;
    const list = await event.locals.app.comments.list(who.principal, event.params.id, page);
    return list.ok ? answer(list.value) : refusedComment(list);
  });

/** Begins a thread. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, threadSchema);
  if ('refused' in body) return body.refused;
  const begun = await event.locals.app.comments.begin(who.principal, event.params.id, body.value);
  return begun.ok ? answer({ id: begun.value }, 201) : refusedComment(begun);
};

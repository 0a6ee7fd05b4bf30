import { bodyOf, inboxReadSchema, listed, pageOf } from '../comment-requests.ts';
import { answer, caller } from '../requests.ts';
import type { RequestHandler } from './$types.ts';

/** What the caller was told of, newest first. */
export const GET: RequestHandler = (event) =>
  listed(async () => {
    const who = await caller(event);
    if ('refused' in who) return who.refused;
    const page = pageOf(event.url, 100);
    if ('refused' in page) return page.refused;
    return answer(await event.locals.app.inbox.list(who.principal, page));
  });

/** Marks what is named as read, or everything. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, inboxReadSchema);
  if ('refused' in body) return body.refused;
  await event.locals.app.inbox.read(who.principal, 'ids' in body.value ? body.value.ids : null);
  return answer({});
};

import { bodyOf, editSchema, refusedComment } from '../../../../../comment-requests.ts';
import { answer, caller } from '../../../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** Changes one's own words. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, editSchema);
  if ('refused' in body) return body.refused;
  const { id, thread, comment } = event.params;
  const { comments } = event.locals.app;
  const changed = await comments.edit(who.principal, id, thread, comment, body.value.text);
  return changed.ok ? answer({}) : refusedComment(changed);
};

/** Takes a comment's words away; that there was one stays. */
export const DELETE: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { id, thread, comment } = event.params;
  const removed = await event.locals.app.comments.remove(who.principal, id, thread, comment);
  return removed.ok ? answer({}) : refusedComment(removed);
};

import { bodyOf, refusedComment, replySchema, threadChangeSchema } from '../../../../comment-requests.ts';
import { answer, caller } from '../../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** Answers in a thread. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, replySchema);
  if ('refused' in body) return body.refused;
  const { id, thread } = event.params;
  const said = await event.locals.app.comments.reply(who.principal, id, thread, body.value);
  return said.ok ? answer({ id: said.value }, 201) : refusedComment(said);
};

/** Resolves a thread, opens it again, or marks it as read. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, threadChangeSchema);
  if ('refused' in body) return body.refused;
  const { comments } = event.locals.app;
  const { id, thread } = event.params;
  const changed =
    'seen' in body.value
      ? await comments.see(who.principal, id, thread)
      : await comments.resolve(who.principal, id, thread, body.value.resolved);
  return changed.ok ? answer({}) : refusedComment(changed);
};

import { REACTIONS } from '#lib/protocol/comments.ts';
import { problem } from '#lib/protocol/problem.ts';
import { refusedComment } from '../../../../../../../comment-requests.ts';
import { answer, caller } from '../../../../../../../requests.ts';
import type { RequestHandler } from './$types.ts';

const react =
  (on: boolean): RequestHandler =>
  async (event) => {
    const who = await caller(event);
    if ('refused' in who) return who.refused;
    const { id, thread, comment } = event.params;
    const emoji = REACTIONS.find((one) => one === event.params.emoji);
    if (emoji === undefined) return problem(404);
    const { comments } = event.locals.app;
    const done = await comments.react(who.principal, id, thread, comment, emoji, on);
    return done.ok ? answer({}) : refusedComment(done);
  };

/** Adds one's own reaction. */
export const PUT = react(true);

/** Takes it back. */
export const DELETE = react(false);

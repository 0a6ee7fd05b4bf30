import * as v from 'valibot';
import { COMMENT_LIMITS, VERDICTS } from '#lib/protocol/comments.ts';
import { DIGEST_INTERVALS, INBOX_KINDS } from '#lib/protocol/inbox.ts';
import { problem, type ProblemDetail } from '#lib/protocol/problem.ts';
import type { CommentRefusal } from '../../../../server/comments.ts';
import { readBody } from './requests.ts';

const text = v.pipe(
  v.string('This must be text.'),
  v.trim(),
  v.nonEmpty('A comment needs words.'),
  v.maxLength(COMMENT_LIMITS.text, `A comment has at most ${COMMENT_LIMITS.text} characters.`)
);

const words = {
  text,
  mentions: v.optional(
    v.pipe(
      v.array(v.string('This must be the id of somebody on the map.'), 'This must be a list of ids.'),
      v.maxLength(COMMENT_LIMITS.mentions, `At most ${COMMENT_LIMITS.mentions} people can be named.`)
    ),
    []
  ),
  verdict: v.optional(v.nullable(v.picklist(VERDICTS, `This must be one of: ${VERDICTS.join(', ')}.`)), null)
};

export const threadSchema = v.strictObject({ anchor: v.string('This must be text.'), ...words });
export const replySchema = v.strictObject(words);
export const editSchema = v.strictObject({ text });
/** Either is one change. */
export const threadChangeSchema = v.union(
  [
    v.strictObject({ resolved: v.boolean('This must be true or false.') }),
    v.strictObject({ seen: v.literal(true) })
  ],
  'The body must be an object with "resolved" or with "seen".'
);
export const inboxReadSchema = v.union(
  [
    v.strictObject({ all: v.literal(true) }),
    v.strictObject({ ids: v.pipe(v.array(v.string()), v.maxLength(100)) })
  ],
  'The body must be an object with "all" or with "ids", at most 100.'
);

export const inboxSettingsSchema = v.strictObject({
  muted: v.optional(
    v.pipe(
      v.array(v.picklist(INBOX_KINDS, `This must be one of: ${INBOX_KINDS.join(', ')}.`)),
      v.maxLength(INBOX_KINDS.length)
    )
  ),
  digest: v.optional(v.picklist(DIGEST_INTERVALS, `This must be one of: ${DIGEST_INTERVALS.join(', ')}.`))
});

/** The body as the schema has it, else the answer to give. */
export async function bodyOf<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema
): Promise<{ readonly value: v.InferOutput<Schema> } | { readonly refused: Response }> {
  const read = await readBody(request);
  if ('refused' in read) return read;
  const parsed = v.safeParse(schema, read.body);
  if (parsed.success) return { value: parsed.output };
  const errors = parsed.issues.map((issue): ProblemDetail => ({
    path: (issue.path ?? []).map(({ key }) => `/${String(key)}`).join(''),
    code: 'E_INPUT',
    message: issue.message
  }));
  return { refused: problem(422, undefined, errors) };
}

const REFUSED: Readonly<Record<CommentRefusal, readonly [status: number, path?: string, message?: string]>> =
  {
    login: [401],
    unknown: [404],
    gone: [404],
    forbidden: [403],
    text: [422, '/text', 'A comment needs words.'],
    anchor: [422, '/anchor', 'That names nothing on this map.'],
    verdict: [422, '/verdict', 'Only an opportunity can be decided on.'],
    full: [422, '', 'There is no room for more comments here; resolve or continue elsewhere.'],
    'not-yours': [403, '', 'Only who wrote a comment may change it.'],
    decided: [403, '', 'A decision stays as it was given; give another one instead.']
  };

/** The answer to somebody whose comment was not taken. */
export function refusedComment({ reason }: { readonly reason: CommentRefusal }): Response {
  const [status, path, message] = REFUSED[reason];
  if (path === undefined || message === undefined) return problem(status);
  return problem(status, message, [{ path, code: `E_${reason.replace('-', '_').toUpperCase()}`, message }]);
}

/** `?cursor=` and `?limit=` of a list; else the answer to give. */
export function pageOf(
  url: URL,
  most: number
): { readonly cursor?: string; readonly limit: number } | { readonly refused: Response } {
  const cursor = url.searchParams.get('cursor');
  const limit = url.searchParams.get('limit') ?? String(most);
  const message = `This must be a whole number from 1 to ${most}.`;
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > most)
    return { refused: problem(400, undefined, [{ path: '?limit', code: 'E_RANGE', message }]) };
  return { limit: Number(limit), ...(cursor === null ? {} : { cursor }) };
}

/** Answers 400 for a cursor that is not ours. */
export async function listed(answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'BadCursor')) throw error;
    const message = 'That cursor was not made by this list.';
    return problem(400, message, [{ path: '?cursor', code: 'E_CURSOR', message }]);
  }
}

import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { LIMITS } from '#lib/journey/limits.ts';
import { problem } from '#lib/protocol/problem.ts';
import type { Version, VersionPerson } from '../../../../server/storage/ports.ts';
import { readBody } from './requests.ts';

/** A version as the API shows it: people by name, ids stay inside. */
export const versionJson = ({ by, people, ...version }: Version) => ({
  ...version,
  by: by && person(by),
  people: people.map(person)
});

const person = ({ name }: VersionPerson) => ({ name });

export type VersionJson = ReturnType<typeof versionJson>;

const text = (longest: number) =>
  v.pipe(
    v.string('This must be text.'),
    v.trim(),
    v.maxLength(longest, `This may be ${longest} characters long.`)
  );
const name = v.pipe(text(LIMITS.name), v.nonEmpty('A version needs a name here.'));
const reason = v.optional(v.nullable(text(LIMITS.reason)), null);

export const keepSchema = v.strictObject({
  name: v.optional(v.nullable(name), null),
  reason,
  restored: v.optional(v.nullable(v.pipe(v.string(), v.uuid('This must be the id of a version.'))), null)
});
export const nameSchema = v.strictObject({ name, reason });
export const restoreSchema = v.strictObject({ reason });

/** The body as a schema reads it; else the answer to give. An empty body counts as `{}`. */
export async function readWords<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema
): Promise<{ readonly words: v.InferOutput<Schema> } | { readonly refused: Response }> {
  const read = request.headers.get('content-length') === '0' ? { body: {} } : await readBody(request);
  if ('refused' in read) return read;
  const parsed = v.safeParse(schema, read.body);
  if (parsed.success) return { words: parsed.output };
  return {
    refused: problem(
      422,
      undefined,
      parsed.issues.map((issue) => ({
        path: `/${v.getDotPath(issue) ?? ''}`,
        code: codeOf(issue),
        message: codeOf(issue) === 'E_UNKNOWN_FIELD' ? 'There is no such field here.' : issue.message
      }))
    )
  };
}

function codeOf({ type, expected, received }: v.BaseIssue<unknown>): string {
  if (type === 'strict_object' && expected === 'never') return 'E_UNKNOWN_FIELD';
  if (received === 'undefined') return 'E_MISSING';
  if (type === 'max_length') return 'E_TOO_LONG';
  return type === 'string' || type === 'strict_object' ? 'E_TYPE' : 'E_RANGE';
}

/** The answer when no more versions can have a name. */
export const full = (): Response =>
  problem(409, 'This map has as many named versions as it can; no further one can be named.');

/** The answer to something kept or renamed. */
export const kept = (version: Version | 'full' | null, status: 200 | 201): Response => {
  if (version === 'full') return full();
  return json(version && versionJson(version), {
    status: version === null ? 200 : status,
    headers: { 'cache-control': 'no-store' }
  });
};

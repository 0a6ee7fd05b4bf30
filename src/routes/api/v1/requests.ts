import { json, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { problem } from '#lib/protocol/problem.ts';
import type { Principal } from '../../../../server/access/principal.ts';
import type { Outcome } from '../../../../server/maps.ts';

const BODY_LIMIT = 10 * 1024 * 1024;

type Caller = { readonly principal: Principal } | { readonly refused: Response };

/** Who calls, within their budget; else the answer to give. */
export async function caller({ locals }: RequestEvent): Promise<Caller> {
  const { principal, app } = locals;
  if (principal === null) return { refused: problem(401, undefined, [], { 'www-authenticate': 'Bearer' }) };
  const wait = await app.throttle.take('api', principal.userId);
  return wait === null
    ? { principal }
    : { refused: problem(429, undefined, [], { 'retry-after': String(wait) }) };
}

/** The answer to somebody who may not, or to a map that is not there for them. */
export function refused<T>(outcome: Extract<Outcome<T>, { ok: false }>): Response {
  switch (outcome.reason) {
    case 'login':
      return problem(401);
    case 'forbidden':
      return problem(403);
    case 'unknown':
    case 'gone':
      return problem(404);
  }
}

/** The JSON body of a request of at most 10 MB; else the answer to give. */
export async function readBody(
  request: Request
): Promise<{ readonly body: unknown } | { readonly refused: Response }> {
  const bytes = await readBytes(request);
  if (bytes === null) return { refused: problem(413) };
  try {
    return { body: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown };
  } catch {
    const detail = 'The body is not JSON in UTF-8.';
    return { refused: problem(400, detail, [{ path: '', code: 'E_JSON', message: detail }]) };
  }
}

/** The bytes of a request of at most 10 MB; null when there are more. */
async function readBytes(request: Request): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > BODY_LIMIT) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

const PAGE = 50;
const LIMIT_RANGE = 'This must be a whole number from 1 to 100.';

/** The parameters by which every list is asked for a page. */
export const pageSchema = v.object({
  cursor: v.exactOptional(v.string()),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 100, LIMIT_RANGE),
      v.transform(Number)
    ),
    String(PAGE)
  )
});

/** The parameters of an address as a schema reads them; else the answer to give. */
export function readQuery<Schema extends v.GenericSchema>(
  parameters: URLSearchParams,
  schema: Schema
): { readonly output: v.InferOutput<Schema> } | { readonly refused: Response } {
  const asked = v.safeParse(schema, Object.fromEntries(parameters));
  if (asked.success) return { output: asked.output };
  const errors = asked.issues.map((issue) => ({
    path: `?${String(issue.path?.[0]?.key)}`,
    code: 'E_RANGE',
    message: issue.message
  }));
  return { refused: problem(400, undefined, errors) };
}

const BAD_CURSOR = 'That cursor was not made by this list.';

/** What `list` answers; a cursor that the list did not make becomes the answer to give. */
export async function badCursor<T>(list: () => Promise<T>): Promise<T | Response> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof Error && error.name === 'BadCursor')
      return problem(400, BAD_CURSOR, [{ path: '?cursor', code: 'E_CURSOR', message: BAD_CURSOR }]);
    throw error;
  }
}

/** JSON that nobody may keep: it is somebody's own. */
export const answer = (
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {}
): Response => json(value, { status, headers: { ...headers, 'cache-control': 'no-store' } });

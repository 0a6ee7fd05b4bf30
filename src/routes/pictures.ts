import type { RequestEvent } from '@sveltejs/kit';
import { problem } from '#lib/protocol/problem.ts';
import { PICTURE_SENTENCES, type PictureProblem } from '#lib/protocol/pictures.ts';
import type { Outcome } from '../../server/maps.ts';

const STATUS: Readonly<Record<PictureProblem, number>> = {
  E_PICTURE_TYPE: 415,
  E_PICTURE_BYTES: 413,
  E_PICTURE_SIZE: 422,
  E_PICTURE_BROKEN: 422,
  E_PICTURE_MAP_FULL: 409,
  E_PICTURE_ACCOUNT_FULL: 409,
  E_PICTURE_BUSY: 503,
  E_PICTURE_CUT: 400,
  E_PICTURE_UNKNOWN: 404
};

/** The answer to a picture that was not taken. */
export function refusedPicture(code: PictureProblem): Response {
  const message = PICTURE_SENTENCES[code];
  const headers: Record<string, string> =
    code === 'E_PICTURE_BUSY'
      ? { 'retry-after': '5' }
      : // The rest of the body is still coming and nobody reads it.
        code === 'E_PICTURE_BYTES' || code === 'E_PICTURE_TYPE'
        ? { connection: 'close' }
        : {};
  return problem(STATUS[code], message, [{ path: '', code, message }], headers);
}

export const isPictureProblem = (reason: string): reason is PictureProblem => reason.startsWith('E_PICTURE_');

/** A picture's bytes never change under its hash; whose rights end asks again only for what they had not seen. */
const CACHED = 'private, max-age=31536000, immutable';

/**
 * A stored picture as the answer to a GET, by the map that shows it. `refuse` answers who may not, all alike: to
 * strangers there is no such map and no such picture.
 */
export async function pictureAnswer(
  {
    locals,
    params,
    request
  }: Pick<RequestEvent<{ id: string; hash: string }>, 'locals' | 'params' | 'request'>,
  refuse: (outcome: Extract<Outcome<never>, { ok: false }>) => Response
): Promise<Response> {
  const { app, principal } = locals;
  const etag = `"${params.hash}"`;
  const headers = {
    etag,
    'cache-control': CACHED,
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': 'inline; filename="picture"'
  };
  const known = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(etag)) {
    const shown = await app.pictures.shows(principal, params.id, params.hash);
    return shown.ok ? new Response(null, { status: 304, headers }) : refuse(shown);
  }
  const found = await app.pictures.file(principal, params.id, params.hash);
  if (!found.ok) return refuse(found);
  const { type, bytes } = found.value;
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'content-type': type, 'content-length': String(bytes.byteLength) }
  });
}

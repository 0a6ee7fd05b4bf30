import type { IncomingMessage } from 'node:http';

const first = (header: string | string[] | undefined): string | undefined =>
  (Array.isArray(header) ? header[0] : header)?.split(',')[0]?.trim();

/** True for programs: they send a token that no browser sends by itself, so where the page came from is no matter. */
export const bearsToken = (request: IncomingMessage): boolean =>
  /^Bearer\s+\S/i.test(request.headers.authorization ?? '');

/** The client's address, as far as it can be known. */
export const addressOf = (request: IncomingMessage, trustProxy: boolean): string =>
  (trustProxy ? first(request.headers['x-forwarded-for']) : undefined) ?? request.socket.remoteAddress ?? '';

/**
 * True when the page that opens the socket is ours: exactly `origin`, or, when none is configured, a page from the
 * host that the request asks for. A missing or opaque Origin is not.
 */
export const isOwnOrigin = (
  request: IncomingMessage,
  origin: string | undefined,
  trustProxy: boolean
): boolean => {
  const sent = request.headers.origin;
  if (!sent || sent === 'null') return false;
  if (origin) return sent === origin;
  const host = (trustProxy ? first(request.headers['x-forwarded-host']) : undefined) ?? request.headers.host;
  try {
    const url = new URL(sent);
    return /^https?:$/.test(url.protocol) && url.host === host?.toLowerCase();
  } catch {
    return false;
  }
};

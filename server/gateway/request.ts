import type { IncomingMessage } from 'node:http';

/** True for programs: they send a token that no browser sends by itself, so where the page came from is no matter. */
export const bearsToken = (request: IncomingMessage): boolean =>
  /^Bearer\s+\S/i.test(request.headers.authorization ?? '');

/**
 * The client's address, as far as it can be known. A proxy adds the address it saw at the end; what stands before came
 * with the request, and may be made up. Kit counts in the same way (`XFF_DEPTH` 1).
 */
export const addressOf = (request: IncomingMessage, trustProxy: boolean): string =>
  (trustProxy &&
    String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim()) ||
  (request.socket.remoteAddress ?? '');

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
  // The same header that Kit is told to read (`HOST_HEADER`), so that pages and sockets agree where they are.
  const named = trustProxy ? [request.headers['x-forwarded-host']].flat()[0] : undefined;
  const host = named ?? request.headers.host;
  try {
    const url = new URL(sent);
    return /^https?:$/.test(url.protocol) && url.host === host?.toLowerCase();
  } catch {
    return false;
  }
};

import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { VERSION, VERSION_PARAMETER } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { isMapId } from '#lib/journey/ids.ts';
import type { Principal } from '../access/principal.ts';
import type { Identity, Session } from '../rooms/types.ts';
import { addressOf, bearsToken, isOwnOrigin } from './request.ts';
import { Heartbeat } from './heartbeat.ts';
import { createTallies } from './tallies.ts';
import type { Credentials, Gateway, GatewayLimits, GatewayOptions } from './types.ts';
import { SocketWire } from './wire.ts';

const PATH = '/sync/';
const MB = 1024 * 1024;
const LONGEST_TIMER_MS = 2 ** 31 - 2;
const DEFAULTS: GatewayLimits = {
  perAddress: 5_000,
  perUser: 2_000,
  perMap: 2_000,
  pendingPerAddress: 1_000,
  upgradeMs: 5_000,
  pingMs: 20_000,
  deadMs: 45_000,
  bufferedBytes: 4 * MB
};

/** Says "too big" in a code that clients do not answer by sending the same thing again. */
class ClientSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === 1009 ? CLOSE.tooBig : code, reason);
  }
}

type Admission =
  | { readonly kind: 'in'; readonly identity: Identity; readonly until: Date | null }
  | { readonly kind: 'out'; readonly code: number; readonly reason: string };

/**
 * Takes sockets from HTTP to the rooms. A foreign Origin or a flood is refused with an HTTP status; who is not logged
 * in or has no business on the map is let in and closed at once with a code, because a browser cannot see the status
 * of a refused upgrade and a stock client would knock for ever.
 */
export const createGateway = (options: GatewayOptions): Gateway => {
  const { rooms, access, logger } = options;
  const limits = { ...DEFAULTS, ...options.limits };
  const trustProxy = options.trustProxy ?? false;
  const addresses = createTallies();
  const pending = createTallies();
  const users = createTallies();
  const maps = createTallies();
  let closing = false;

  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LIMITS.frameBytes,
    maxFragments: 64,
    maxBufferedChunks: 4_096,
    WebSocket: ClientSocket
  });

  const admit = async (principal: Principal | null, mapId: string): Promise<Admission> => {
    if (!principal) return { kind: 'out', code: CLOSE.login, reason: 'log in first' };
    const answer = await access.authorize(principal, mapId, 'read');
    if (answer.allowed) {
      const { userId, name, guest } = principal;
      return {
        kind: 'in',
        until: answer.until,
        identity: { userId, name: name ?? '', guest, role: answer.role }
      };
    }
    if (answer.reason === 'login') return { kind: 'out', code: CLOSE.login, reason: 'log in first' };
    if (answer.reason === 'forbidden') return { kind: 'out', code: CLOSE.forbidden, reason: 'not allowed' };
    return { kind: 'out', code: CLOSE.gone, reason: 'no such map' };
  };

  /** Who is it, and may they? Within the time that a stranger may keep us busy. */
  const lookUp = async (credentials: Credentials, mapId: string): Promise<Admission> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Admission>((resolve) => {
      timer = setTimeout(
        () => resolve({ kind: 'out', code: CLOSE.overloaded, reason: 'login took too long' }),
        limits.upgradeMs
      );
    });
    try {
      const admitted = access.identify(credentials).then((principal) => admit(principal, mapId));
      return await Promise.race([admitted, late]);
    } catch (error) {
      logger?.error({ err: error }, 'login cannot be checked');
      return { kind: 'out', code: CLOSE.overloaded, reason: 'login cannot be checked at present' };
    } finally {
      clearTimeout(timer);
    }
  };

  const heartbeat = new Heartbeat(limits.pingMs, limits.deadMs);
  /** A right that ends by itself is asked about at that moment. */
  const askAt = (until: Date | null, userId: Identity['userId'], socket: WebSocket): void => {
    const wait = until === null ? Infinity : until.getTime() - Date.now();
    if (wait > LONGEST_TIMER_MS) return; // the regular look comes first
    const timer = setTimeout(() => rooms.recheck({ userId }), wait + 1);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  };

  const connect = (
    socket: WebSocket,
    stream: Duplex,
    mapId: string,
    extended: boolean,
    address: string,
    admission: Admission,
    credentials: Credentials
  ): void => {
    socket.binaryType = 'nodebuffer';
    socket.on('error', ignore); // a close always follows
    if (admission.kind === 'out') return socket.close(admission.code, admission.reason);
    if (!isMapId(mapId)) return socket.close(CLOSE.gone, 'no such map');
    const { identity } = admission;
    addresses.take(address);
    users.take(identity.userId);
    maps.take(mapId);
    const pulse = heartbeat.watch(socket);
    let session: Session | null = null;
    socket.once('close', () => {
      session?.leave();
      heartbeat.forget(pulse);
      addresses.release(address);
      users.release(identity.userId);
      maps.release(mapId);
    });
    if (users.count(identity.userId) > limits.perUser)
      return socket.close(CLOSE.quota, 'too many open maps of one person');
    if (maps.count(mapId) > limits.perMap)
      return socket.close(CLOSE.overloaded, 'too many people on this map');

    const wire = new SocketWire(socket, stream, { extended, bufferedBytes: limits.bufferedBytes });
    session = rooms.join(mapId, wire, identity, async () => {
      const again = await admit(await access.identify(credentials), mapId);
      return again.kind === 'in' ? again.identity.role : null;
    });
    socket.on('pong', () => heartbeat.heard(pulse));
    socket.on('message', (data: Buffer, binary: boolean) => {
      heartbeat.heard(pulse);
      if (binary) session.receive(data);
      else socket.close(CLOSE.badFrame, 'frames are binary');
    });
    askAt(admission.until, identity.userId, socket);
  };

  return {
    matches: (url) => url?.startsWith(PATH) ?? false,

    async upgrade(request, socket, head) {
      // Without a listener a broken connection during the look-up would end the process.
      socket.on('error', destroy);
      const address = addressOf(request, trustProxy);
      const refusal = closing
        ? '503 Service Unavailable'
        : !bearsToken(request) && !isOwnOrigin(request, options.origin, trustProxy)
          ? '403 Forbidden'
          : addresses.count(address) >= limits.perAddress ||
              pending.count(address) >= limits.pendingPerAddress
            ? '429 Too Many Requests'
            : null;
      if (refusal) return refuse(socket, refusal);
      const target = parseTarget(request.url ?? '');
      if (!target) return refuse(socket, '404 Not Found');

      const { authorization, cookie } = request.headers;
      // The request itself, with all its headers, would stay in memory as long as the socket is open.
      const credentials = { headers: { authorization, cookie } };
      pending.take(address);
      const admission = await lookUp(credentials, target.mapId).finally(() => pending.release(address));
      if (socket.destroyed) return;
      if (closing) return refuse(socket, '503 Service Unavailable');
      server.handleUpgrade(request, socket, head, (client) =>
        connect(client, socket, target.mapId, target.extended, address, admission, credentials)
      );
    },

    async close() {
      closing = true;
      heartbeat.stop();
      server.close();
    }
  };
};

function parseTarget(url: string): { readonly mapId: string; readonly extended: boolean } | null {
  const [path = '', query = ''] = url.split('?', 2);
  if (!path.startsWith(PATH)) return null;
  return {
    // Anything that is no id is simply unknown; nothing is ever built from this text.
    mapId: path.slice(PATH.length),
    extended: new URLSearchParams(query).get(VERSION_PARAMETER) === VERSION
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

const ignore = (): void => undefined;

function destroy(this: Duplex): void {
  this.destroy();
}

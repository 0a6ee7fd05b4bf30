import { createServer } from 'node:http';
import type { MapId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';
import { createLocalBus } from '../../server/bus/bus.ts';
import { createGateway } from '../../server/gateway/gateway.ts';
import type { GatewayOptions } from '../../server/gateway/types.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import type { RoomsOptions } from '../../server/rooms/types.ts';
import type { UserId } from '../../server/storage/ports.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { TEST_SHAPES } from './yjs-edits.ts';

export const MAP = '00000000-0000-4000-8000-000000000001' as MapId;
export const UNKNOWN_MAP = '00000000-0000-4000-8000-00000000dead' as MapId;

/**
 * Gateway and rooms on a log in memory, listening. The bearer token is the name of the person: `ann` may do what
 * `roles` says she may, everybody else edits. Cookies work the same way: `person=ann`.
 */
export const startWorld = async (
  options: Omit<Partial<RoomsOptions>, 'log'> & {
    readonly gateway?: Partial<GatewayOptions>;
    /** What an earlier world left behind, and where it was. */
    readonly log?: MemoryLog;
    readonly port?: number;
  } = {}
) => {
  const log = options.log ?? createMemoryLog();
  if (!options.log) log.create(MAP);
  const roles = new Map<string, Role | null>();
  const rooms = createRooms({ bus: createLocalBus(), shapes: TEST_SHAPES, ...options, log });
  const gateway = createGateway({
    rooms,
    access: {
      async identify({ headers }) {
        const name = /^(?:Bearer |person=)(\w+)$/.exec(headers.authorization ?? headers.cookie ?? '')?.[1];
        return name ? { userId: name as UserId, name, guest: false } : null;
      },
      async authorize(principal, mapId) {
        const role = roles.get(principal?.userId ?? '');
        if (mapId !== MAP || role === null) return { allowed: false, reason: 'unknown' };
        return { allowed: true, role: role ?? 'editor', until: null };
      }
    },
    ...options.gateway
  });
  const http = createServer((_request, response) => response.writeHead(404).end());
  http.on('upgrade', (request, socket, head) => void gateway.upgrade(request, socket, head));
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    log,
    rooms,
    roles,
    port,
    url: (mapId: string, query = '?v=1') => `ws://127.0.0.1:${port}/sync/${mapId}${query}`,
    async close() {
      await rooms.close();
      await gateway.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    }
  };
};

export type World = Awaited<ReturnType<typeof startWorld>>;

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authorize } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { Rooms, RoomsLogger } from '../rooms/types.ts';

/** What of a request tells who it speaks for. */
export interface Credentials {
  readonly headers: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>;
}

export interface GatewayOptions {
  readonly rooms: Rooms;
  readonly access: {
    /** Who a request speaks for, by session cookie or bearer token; null when nobody is logged in. */
    identify(request: Credentials): Promise<Principal | null>;
    readonly authorize: Authorize;
  };
  /** The public URL's origin. Unset: a browser's Origin must have the host it asked for. */
  readonly origin?: string | undefined;
  /** Believe `x-forwarded-for` and `x-forwarded-host`: only behind a proxy that sets them. */
  readonly trustProxy?: boolean;
  readonly logger?: RoomsLogger;
  readonly limits?: Partial<GatewayLimits>;
}

export interface GatewayLimits {
  /** Sockets of one address. Default 5,000: an office or a test bench sits behind one address. */
  readonly perAddress: number;
  /** Sockets of one person. Default 2,000. */
  readonly perUser: number;
  /** Sockets on one map. Default 2,000. */
  readonly perMap: number;
  /** Upgrades of one address whose login is still being looked up. Default 1,000. */
  readonly pendingPerAddress: number;
  /** How long that may take, in ms. Default 5,000. */
  readonly upgradeMs: number;
  /** Default 20,000. */
  readonly pingMs: number;
  /** Silence after which a socket counts as dead. Default 45,000. */
  readonly deadMs: number;
  /** Unsent bytes at which a reader is too slow and is cut off. Default 4 MB. */
  readonly bufferedBytes: number;
}

export interface Gateway {
  /** True when the URL is a socket of ours: `/sync/...`. */
  matches(url: string | undefined): boolean;
  /** Takes over an upgrade request. Never throws; the socket is answered or destroyed in every case. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Refuses new sockets. Close the rooms first: they say goodbye to the open ones. */
  close(): Promise<void>;
}

import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Role } from './roles.ts';
import type { PresenceUser } from './presence.ts';

/** First number of a frame. 0 to 3 are y-websocket's, 120 to 125 are ours. */
export const MESSAGE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  ack: 120,
  rejected: 121,
  hello: 122,
  notice: 123,
  poke: 124,
  keepAlive: 125
} as const;

/** Second number of a sync frame. */
export const SYNC = { stateVector: 0, answer: 1, update: 2 } as const;

/** The parameter by which a client asks for frames 120 to 125: `/sync/<mapId>?v=1`. */
export const VERSION_PARAMETER = 'v';
export const VERSION = '1';

/** A frame that does not follow the grammar of PROTOCOL.md. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
}

export interface Hello {
  readonly role: Role;
  /** The document's history. A client whose copy belongs to another epoch must drop it. */
  readonly epoch: number;
  readonly user: PresenceUser;
  /** Only a part of the map could be read: its last good state, which takes no edits. */
  readonly damaged?: true;
}

/**
 * `saving-stopped`: this map's edits cannot be stored at present. `saving-again`: they can. `restarting`: the server goes
 * down.
 */
export type Notice = 'saving-stopped' | 'saving-again' | 'restarting';
const NOTICES: readonly Notice[] = ['saving-stopped', 'saving-again', 'restarting'];

/** Why an edit was refused. */
export type RejectReason = 'read-only' | 'forbidden';

/** What outside the document has changed and should be fetched again. */
export interface Poke {
  readonly topic: string;
}

export type ClientFrame =
  | { readonly kind: 'stateVector'; readonly bytes: Uint8Array }
  | { readonly kind: 'answer' | 'update'; readonly bytes: Uint8Array }
  | { readonly kind: 'presence'; readonly bytes: Uint8Array };

const build = (write: (encoder: encoding.Encoder) => void): Uint8Array<ArrayBuffer> => {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
};

const sync = (step: number, bytes: Uint8Array) =>
  build((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });

export const writeStateVector = (stateVector: Uint8Array) => sync(SYNC.stateVector, stateVector);
export const writeAnswer = (update: Uint8Array) => sync(SYNC.answer, update);
export const writeUpdate = (update: Uint8Array) => sync(SYNC.update, update);

/** Wraps an awareness update, see {@link writePresenceEntries}. */
export const writePresenceFrame = (entries: Uint8Array) =>
  build((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.awareness);
    encoding.writeVarUint8Array(encoder, entries);
  });

/** One line of an awareness update; `json` is the state, `null` in words when the client has left. */
export interface PresenceEntry {
  readonly clientId: number;
  readonly clock: number;
  readonly json: string;
}

export const writePresenceEntries = (entries: readonly PresenceEntry[]) =>
  build((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const entry of entries) {
      encoding.writeVarUint(encoder, entry.clientId);
      encoding.writeVarUint(encoder, entry.clock);
      encoding.writeVarString(encoder, entry.json);
    }
  });

/** Reads an awareness update line by line, and stops where the caller stops. Throws {@link BadFrame}. */
export function* readPresenceEntries(bytes: Uint8Array): Generator<PresenceEntry, void, undefined> {
  const decoder = decoding.createDecoder(bytes);
  const count = guarded(() => decoding.readVarUint(decoder));
  for (let index = 0; index < count; index++) {
    yield guarded(() => ({
      clientId: decoding.readVarUint(decoder),
      clock: decoding.readVarUint(decoder),
      json: decoding.readVarString(decoder)
    }));
  }
  if (decoding.hasContent(decoder)) throw new BadFrame('bytes after the last presence entry');
}

/** The stock protocol's "permission denied". */
export const writeDenied = (reason: string) =>
  build((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.auth);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, reason);
  });

/** How many update frames of this connection are committed, counted from its start. */
export const writeAck = (count: number) =>
  build((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.ack);
    encoding.writeVarUint(encoder, count);
  });
export const readAck = (decoder: decoding.Decoder): number => guarded(() => decoding.readVarUint(decoder));
/** The count of a whole frame 120, for whoever sees it pass. */
export const readAckFrame = (frame: Uint8Array): number => readAck(decoding.createDecoder(frame.subarray(1)));

/** `count`: how many edits of this connection have been refused so far. */
export const writeRejected = (reason: RejectReason, count: number) =>
  build((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.rejected);
    encoding.writeVarString(encoder, reason);
    encoding.writeVarUint(encoder, count);
  });
export const readRejected = (decoder: decoding.Decoder): { reason: RejectReason; count: number } =>
  guarded(() => {
    const reason = decoding.readVarString(decoder);
    const count = decoding.readVarUint(decoder);
    return { reason: reason === 'forbidden' ? 'forbidden' : 'read-only', count };
  });

export const writeHello = (hello: Hello) => json(MESSAGE.hello, hello);
export const readHello = (decoder: decoding.Decoder): Hello => readJson(decoder) as Hello;

export const writeNotice = (notice: Notice) => json(MESSAGE.notice, notice);
/** Null for a notice that this version does not know. */
export const readNotice = (decoder: decoding.Decoder): Notice | null => {
  const value = readJson(decoder);
  return NOTICES.find((notice) => notice === value) ?? null;
};

export const writePoke = (poke: Poke) => json(MESSAGE.poke, poke);
export const readPoke = (decoder: decoding.Decoder): Poke => readJson(decoder) as Poke;

export const KEEP_ALIVE: Uint8Array<ArrayBuffer> = build((encoder) =>
  encoding.writeVarUint(encoder, MESSAGE.keepAlive)
);
/** The same for a stock client: an awareness update about nobody. */
export const STOCK_KEEP_ALIVE: Uint8Array<ArrayBuffer> = writePresenceFrame(writePresenceEntries([]));

/** Reads what a client sent: one message, nothing after it. Throws {@link BadFrame}. */
export const readClientFrame = (bytes: Uint8Array): ClientFrame => {
  const decoder = decoding.createDecoder(bytes);
  const frame = guarded((): ClientFrame => {
    const type = decoding.readVarUint(decoder);
    if (type === MESSAGE.awareness) return { kind: 'presence', bytes: decoding.readVarUint8Array(decoder) };
    if (type !== MESSAGE.sync) throw new BadFrame(`message type ${type}`);
    const step = decoding.readVarUint(decoder);
    const kind = step === 0 ? 'stateVector' : step === 1 ? 'answer' : step === 2 ? 'update' : null;
    if (kind === null) throw new BadFrame(`sync step ${step}`);
    return { kind, bytes: decoding.readVarUint8Array(decoder) };
  });
  if (decoding.hasContent(decoder)) throw new BadFrame('bytes after the message');
  return frame;
};

/** True for the frames that the server counts and acknowledges: `0 1` and `0 2`. */
export const isUpdateFrame = (bytes: Uint8Array): boolean =>
  bytes[0] === MESSAGE.sync && (bytes[1] === SYNC.answer || bytes[1] === SYNC.update);

const json = (type: number, value: unknown) =>
  build((encoder) => {
    encoding.writeVarUint(encoder, type);
    encoding.writeVarString(encoder, JSON.stringify(value));
  });

const readJson = (decoder: decoding.Decoder): unknown =>
  guarded(() => JSON.parse(decoding.readVarString(decoder)) as unknown);

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadFrame) throw error;
    throw new BadFrame(error instanceof Error ? error.message : 'unreadable');
  }
}

import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import {
  MESSAGE,
  readAck,
  SYNC,
  writeAnswer,
  writePresenceEntries,
  writePresenceFrame,
  writeStateVector,
  writeUpdate
} from '../../../src/lib/protocol/frames.ts';

/** When each update of a map was sent, by the client id that wrote it and the clock after it. */
export class Sent {
  readonly #times = new Map<number, { readonly ends: number[]; readonly times: number[] }>();

  note(clientId: number, end: number): void {
    const known = this.#times.get(clientId) ?? { ends: [], times: [] };
    known.ends.push(end);
    known.times.push(performance.now());
    this.#times.set(clientId, known);
  }

  /** The times of the updates of a client id that end in `from` < end <= `to`. */
  between(clientId: number, from: number, to: number): number[] {
    const known = this.#times.get(clientId);
    return known ? known.times.filter((_, at) => known.ends[at]! > from && known.ends[at]! <= to) : [];
  }
}

/**
 * A client that keeps no document of the others' and does as little as it can, so that many fit into one process. It
 * writes free objects of its own.
 */
export class Client {
  readonly doc = new Y.Doc();
  readonly #socket: WebSocket;
  readonly #sent: Sent | null;
  readonly #heard = new Map<number, number>();
  #unacknowledged: number[] = [];
  #counted = 0;
  #presenceClock = 0;
  #made: Uint8Array | null = null;
  #markSynced: () => void = () => undefined;
  #giveUp: (error: Error) => void = () => undefined;
  readonly synced = new Promise<void>((resolve, reject) => {
    this.#markSynced = resolve;
    this.#giveUp = reject;
  });
  /** In ms: from sending to hearing what others wrote, and to its acknowledgement. */
  readonly propagation: number[] = [];
  readonly acknowledgement: number[] = [];
  presenceFrames = 0;
  bytes = 0;
  closed: number | null = null;

  /** Without `sent`, what others write is only counted in bytes. */
  constructor(url: string, cookie: string, sent: Sent | null) {
    this.#sent = sent;
    this.doc.on('update', (update: Uint8Array) => (this.#made = update));
    this.#socket = new WebSocket(url, {
      headers: { cookie, origin: new URL(url.replace(/^ws/, 'http')).origin },
      perMessageDeflate: false,
      skipUTF8Validation: true
    });
    this.#socket.binaryType = 'nodebuffer';
    this.#socket.on('open', () => this.#socket.send(writeStateVector(Uint8Array.of(0))));
    this.#socket.on('message', (data: Buffer) => this.#receive(data));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', (code) => {
      this.closed = code;
      this.#giveUp(new Error(`closed with ${code} before it was synced`));
    });
    this.synced.catch(() => undefined); // whoever waits for it hears of it
  }

  get waiting(): number {
    return this.#unacknowledged.length;
  }

  /** Makes or moves one of three objects, and sends that. */
  edit(): void {
    const objects = this.doc.getMap<Y.Map<unknown>>('objects');
    const id = `o${this.doc.clientID}-${Math.floor(Math.random() * 3)}`;
    this.doc.transact(() => {
      const object = objects.get(id) ?? objects.set(id, new Y.Map<unknown>([['kind', 'note']]));
      object.set('x', Math.floor(Math.random() * 8000));
      object.set('y', Math.floor(Math.random() * 8000));
    });
    if (this.#made === null) return;
    this.#sent?.note(this.doc.clientID, Y.getState(this.doc.store, this.doc.clientID));
    this.#unacknowledged.push(performance.now());
    this.#socket.send(writeUpdate(this.#made));
    this.#made = null;
  }

  present(): void {
    const json = JSON.stringify({ cursor: { x: Math.random() * 8000, y: Math.random() * 8000 } });
    const entry = { clientId: this.doc.clientID, clock: ++this.#presenceClock, json };
    this.#socket.send(writePresenceFrame(writePresenceEntries([entry])));
  }

  drop(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    this.bytes += data.length;
    if (data[0] === MESSAGE.awareness) this.presenceFrames++;
    else if (data[0] === MESSAGE.ack) this.#acknowledged(data);
    else if (data[0] === MESSAGE.sync) this.#sync(data);
  }

  #sync(data: Buffer): void {
    if (data[1] === SYNC.stateVector) return this.#socket.send(writeAnswer(Y.encodeStateAsUpdate(this.doc)));
    if (data[1] === SYNC.answer) this.#markSynced();
    if (this.#sent === null || data[1] !== SYNC.update) return;
    const decoder = decoding.createDecoder(data);
    decoder.pos = 2;
    const now = performance.now();
    for (const [clientId, to] of Y.parseUpdateMeta(decoding.readVarUint8Array(decoder)).to) {
      if (clientId === this.doc.clientID) continue;
      const from = this.#heard.get(clientId) ?? 0;
      if (to <= from) continue;
      this.#heard.set(clientId, to);
      for (const time of this.#sent.between(clientId, from, to)) this.propagation.push(now - time);
    }
  }

  #acknowledged(data: Buffer): void {
    const decoder = decoding.createDecoder(data);
    decoder.pos = 1;
    const now = performance.now();
    // The answer to the server's state vector is the first that counts.
    for (const upTo = readAck(decoder) - 1; this.#counted < upTo; this.#counted++) {
      const time = this.#unacknowledged.shift();
      if (time !== undefined) this.acknowledgement.push(now - time);
    }
  }
}

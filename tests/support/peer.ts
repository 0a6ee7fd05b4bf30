import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import {
  isUpdateFrame,
  MESSAGE,
  readAck,
  readHello,
  readNotice,
  readRejected,
  SYNC,
  writeAnswer,
  writeStateVector,
  writeUpdate,
  type Hello,
  type Notice
} from '#lib/protocol/frames.ts';

/**
 * A client with as little code as the protocol allows, on any carrier. It keeps the ledger that the checks need: what
 * it sent, and what it was promised.
 */
export class Peer {
  readonly doc: Y.Doc;
  hello: Hello | null = null;
  synced = false;
  answered = false;
  sent = 0;
  acked = 0;
  rejected = 0;
  denied = 0;
  readonly notices: Notice[] = [];
  /** Called with every frame that leaves; set by whatever carries them. */
  carry: ((frame: Uint8Array) => void) | null = null;
  /** Called when anything has changed. */
  onChange: () => void = () => undefined;
  /** Called before a frame leaves, and when an acknowledgement has come. */
  onSent: (frame: Uint8Array) => void = () => undefined;
  onAck: (count: number) => void = () => undefined;

  constructor(doc = new Y.Doc()) {
    this.doc = doc;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.send(writeUpdate(update));
    });
  }

  /** Everything that left on this connection is committed, and everything there is has arrived. */
  get saved(): boolean {
    return this.carry !== null && this.synced && this.answered && this.sent === this.acked;
  }

  connected(carry: (frame: Uint8Array) => void): void {
    this.carry = carry;
    this.synced = this.answered = false;
    this.sent = this.acked = 0;
    this.send(writeStateVector(Y.encodeStateVector(this.doc)));
  }

  disconnected(): void {
    this.carry = null;
    this.synced = false;
    this.onChange();
  }

  send(frame: Uint8Array): void {
    if (!this.carry) return;
    if (isUpdateFrame(frame)) this.sent++;
    this.onSent(frame);
    this.carry(frame);
  }

  receive(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    switch (decoding.readVarUint(decoder)) {
      case MESSAGE.sync: {
        const step = decoding.readVarUint(decoder);
        const bytes = decoding.readVarUint8Array(decoder);
        if (step === SYNC.stateVector) {
          this.answered = true;
          this.send(writeAnswer(Y.encodeStateAsUpdate(this.doc, bytes)));
        } else Y.applyUpdate(this.doc, bytes, this);
        if (step === SYNC.answer) this.synced = true;
        break;
      }
      case MESSAGE.auth:
        this.denied++;
        break;
      case MESSAGE.ack:
        this.acked = readAck(decoder);
        this.onAck(this.acked);
        break;
      case MESSAGE.rejected:
        this.rejected = readRejected(decoder).count;
        break;
      case MESSAGE.hello:
        this.hello = readHello(decoder);
        break;
      case MESSAGE.notice: {
        const notice = readNotice(decoder);
        if (notice) this.notices.push(notice);
      }
    }
    this.onChange();
  }
}

/** What two documents must agree about: content, state vector, deletions, nothing pending. */
export const fingerprint = (doc: Y.Doc): unknown => {
  const ordered = (clients: Iterable<[number, unknown]>) => [...clients].sort(([a], [b]) => a - b);
  const snapshot = Y.snapshot(doc);
  return {
    // A root that was only asked for is not part of the content.
    json: Object.fromEntries(
      [...doc.share.keys()]
        .sort()
        .map((name) => [name, doc.getMap(name).toJSON()] as const)
        .filter(([, content]) => Object.keys(content).length > 0)
    ),
    state: ordered(snapshot.sv),
    deleted: ordered(
      [...snapshot.ds.clients].map(([client, ranges]) => [
        client,
        ranges.map(({ clock, len }) => [clock, len])
      ])
    ),
    pending: [doc.store.pendingStructs, doc.store.pendingDs]
  };
};

/** True when `doc` holds every struct and every deletion of a snapshot taken elsewhere. */
export const holds = (doc: Y.Doc, { sv, ds }: Y.Snapshot): boolean => {
  const own = Y.snapshot(doc).ds;
  const clocks = ({ clock, len }: { clock: number; len: number }) =>
    Array.from({ length: len }, (_value, index) => clock + index);
  return (
    [...sv].every(([client, clock]) => Y.getState(doc.store, client) >= clock) &&
    [...ds.clients].every(([client, ranges]) =>
      ranges.flatMap(clocks).every((clock) => Y.isDeleted(own, Y.createID(client, clock)))
    )
  );
};

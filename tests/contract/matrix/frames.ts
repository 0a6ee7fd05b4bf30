import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import {
  MESSAGE,
  SYNC,
  writeAnswer,
  writePresenceEntries,
  writePresenceFrame,
  writeStateVector,
  writeUpdate
} from '#lib/protocol/frames.ts';

export interface Frame {
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** Answered by an ack or a refusal. */
  readonly counted: boolean;
}

const edit = (): Uint8Array => {
  const doc = new Y.Doc();
  doc.getMap('map').set('title', 'Changed by hand');
  return Y.encodeStateAsUpdate(doc);
};
const presence = (): Uint8Array =>
  writePresenceFrame(writePresenceEntries([{ clientId: 7, clock: 1, json: '{"cursor":null}' }]));

/** One of each kind, and one of a kind that nobody may send. */
export const FRAMES: readonly Frame[] = [
  { name: '0 0 state vector', bytes: () => writeStateVector(Uint8Array.of(0)), counted: false },
  { name: '0 1 answer', bytes: () => writeAnswer(edit()), counted: true },
  { name: '0 2 update', bytes: () => writeUpdate(edit()), counted: true },
  { name: '1 presence', bytes: presence, counted: false },
  { name: '120 a frame of the server', bytes: () => Uint8Array.of(MESSAGE.ack, 1), counted: false }
];

/**
 * What one frame of one kind gets: `taken`, `refused` (told, and nothing applied), the code that the socket was closed
 * with, or `no socket` where the upgrade was refused.
 */
export const sendFrame = (
  origin: string,
  mapId: string,
  headers: Readonly<Record<string, string>>,
  frame: Frame
): Promise<string> =>
  new Promise((resolve) => {
    const url = `${origin.replace(/^http/, 'ws')}/sync/${mapId}?v=1`;
    const socket = new WebSocket(url, { headers } as unknown as string[]);
    socket.binaryType = 'arraybuffer';
    let opened = false;
    const done = (answer: string) => {
      resolve(answer);
      socket.close();
    };
    socket.onopen = () => (opened = true);
    socket.onerror = () => undefined;
    socket.onclose = ({ code }) => done(opened ? String(code) : 'no socket');
    const send = (bytes: Uint8Array) => socket.send(new Uint8Array(bytes));
    socket.onmessage = ({ data }) => {
      const decoder = decoding.createDecoder(new Uint8Array(data as ArrayBuffer));
      const type = decoding.readVarUint(decoder);
      if (type === MESSAGE.hello) {
        send(frame.bytes());
        // Whoever is still there afterwards has had the frame taken.
        if (!frame.counted) send(writeStateVector(Uint8Array.of(0)));
      } else if (type === MESSAGE.rejected) done('refused');
      else if (type === MESSAGE.ack) done('taken');
      else if (!frame.counted && type === MESSAGE.sync && decoding.readVarUint(decoder) === SYNC.answer)
        done('taken');
    };
  });

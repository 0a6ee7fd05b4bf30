import type { Wire } from '../../server/rooms/types.ts';

/** A wire to a client of our own in the same process. */
export const wireTo = (
  receive: (frame: Uint8Array) => void,
  close: (code: number, reason: string) => void = () => undefined
): Wire => ({
  extended: true,
  send: receive,
  sendBoth: (frame, after) => {
    receive(frame);
    receive(after);
  },
  close
});

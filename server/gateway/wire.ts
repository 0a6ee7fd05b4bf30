import type { WebSocket } from 'ws';
import type { Wire } from '../rooms/types.ts';

/** A client that does not answer our goodbye is gone after this. */
const GOODBYE_MS = 5_000;

/**
 * A room's view of a socket. A reader that falls behind is cut off and comes back for everything at once; leaving out
 * single frames would hide unrelated data from it. A socket that is silent for too long counts as dead.
 */
export const createWire = (
  socket: WebSocket,
  options: {
    readonly extended: boolean;
    readonly pingMs: number;
    readonly deadMs: number;
    readonly bufferedBytes: number;
  }
): Wire => {
  let heardAt = performance.now();
  // A newcomer to a big map has its whole content under way, and is not slow for that.
  let largest = 0;
  let cut = false;
  const heard = () => (heardAt = performance.now());
  socket.on('pong', heard);
  socket.on('message', heard);
  const ping = setInterval(() => {
    // From somebody who is not read nothing is heard, not even an answer to a ping.
    if (socket.isPaused) heard();
    else if (performance.now() - heardAt > options.deadMs) socket.terminate();
    if (socket.readyState === socket.OPEN) socket.ping();
  }, options.pingMs);
  ping.unref();
  socket.once('close', () => clearInterval(ping));

  return {
    extended: options.extended,
    get buffered() {
      return socket.bufferedAmount;
    },
    get cut() {
      return cut;
    },
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > options.bufferedBytes + largest) {
        cut = true;
        return socket.terminate();
      }
      largest = Math.max(largest, frame.length);
      socket.send(frame);
    },
    close(code, reason) {
      socket.resume();
      socket.close(code, reason);
      const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
      timer.unref();
      socket.once('close', () => clearTimeout(timer));
    },
    pause: () => socket.pause(),
    resume: () => socket.resume()
  };
};

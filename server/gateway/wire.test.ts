import { EventEmitter } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { createWire } from './wire.ts';

/** As much of a socket as a wire looks at. */
class Socket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = false;
  readonly ping = vi.fn();
  readonly terminate = vi.fn();
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
}

afterEach(() => {
  vi.useRealTimers();
});

test('a socket that is silent is dead, unless it is we who do not listen', () => {
  vi.useFakeTimers();
  const socket = new Socket();
  const wire = createWire(socket as unknown as WebSocket, {
    extended: true,
    pingMs: 20_000,
    deadMs: 45_000,
    bufferedBytes: 1
  });
  wire.pause?.();
  vi.advanceTimersByTime(300_000);
  expect(socket.terminate).not.toHaveBeenCalled();
  wire.resume?.();
  vi.advanceTimersByTime(40_000);
  expect(socket.terminate).not.toHaveBeenCalled();
  socket.emit('pong');
  vi.advanceTimersByTime(40_000);
  expect(socket.terminate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(40_000);
  expect(socket.terminate).toHaveBeenCalled();
});

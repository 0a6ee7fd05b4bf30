import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Heartbeat } from './heartbeat.ts';
import { SocketWire } from './wire.ts';

/** As much of a socket as a heartbeat looks at. */
class Quiet extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = false;
  readonly ping = vi.fn();
  readonly terminate = vi.fn();
}

afterEach(() => {
  vi.useRealTimers();
});

test('a socket that is silent is dead, unless it is we who do not listen', () => {
  vi.useFakeTimers();
  const socket = new Quiet();
  const heartbeat = new Heartbeat(20_000, 45_000);
  const pulse = heartbeat.watch(socket as unknown as WebSocket);
  socket.isPaused = true;
  vi.advanceTimersByTime(300_000);
  expect(socket.terminate).not.toHaveBeenCalled();
  socket.isPaused = false;
  vi.advanceTimersByTime(40_000);
  expect(socket.terminate).not.toHaveBeenCalled();
  expect(socket.ping.mock.calls.length).toBeGreaterThanOrEqual(16);
  heartbeat.heard(pulse);
  vi.advanceTimersByTime(40_000);
  expect(socket.terminate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(40_000);
  expect(socket.terminate).toHaveBeenCalled();
  heartbeat.forget(pulse);
  const asked = socket.ping.mock.calls.length;
  vi.advanceTimersByTime(100_000);
  expect(socket.ping).toHaveBeenCalledTimes(asked);
  heartbeat.stop();
});

test('frames of every length arrive whole and in order, alone and in pairs, between what ws sends itself', async () => {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const http = createServer();
  http.on('upgrade', (request, stream, head) =>
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, stream))
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const connected = once(sockets, 'connection') as Promise<[WebSocket, Socket]>;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const [socket, stream] = await connected;
  const wire = new SocketWire(socket, stream, { extended: true, bufferedBytes: 1e9 });
  const got: string[] = [];
  client.on('message', (data: Buffer) => got.push(`${data.length}:${data[0]}:${data.at(-1)}`));
  client.on('ping', () => got.push('ping'));
  const expected: string[] = [];
  const make = (length: number) => {
    const frame = new Uint8Array(length).fill(length % 251);
    if (length > 0) expected.push(`${length}:${frame[0]}:${frame.at(-1)}`);
    return frame;
  };
  for (const length of [1, 125, 126, 65_535, 65_536, 16_384, 16_385, 200_000]) {
    wire.send(make(length));
    socket.ping();
    expected.push('ping');
    wire.sendBoth(make(length), make(3));
  }
  const shared = make(77);
  wire.send(shared);
  expected.push(expected.at(-1) ?? '');
  wire.send(shared);
  await vi.waitFor(() => expect(got).toEqual(expected));
  client.close();
  await once(client, 'close');
  wire.send(make(0));
  sockets.close();
  http.close();
});

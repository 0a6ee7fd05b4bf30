import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** As in docs/deploy/Caddyfile: a node that is busy for a moment is no reason to turn somebody away. */
const TRY_MS = 5_000;

/**
 * The proxy of docker-compose.yml as far as tests need it: takes turns among the nodes that say they are ready, passes
 * requests and sockets on with the headers that a proxy sets.
 */
export async function startBalancer(ports: readonly number[]) {
  const sockets = new Set<Socket>();
  let turn = 0;
  const isReady = async (port: number): Promise<boolean> => {
    try {
      return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  };
  const next = async (): Promise<number | null> => {
    for (const end = performance.now() + TRY_MS; performance.now() < end;) {
      const port = ports[turn++ % ports.length];
      if (port !== undefined && (await isReady(port))) return port;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return null;
  };
  const forwarded = ({ headers, socket }: IncomingMessage) => ({
    ...headers,
    'x-forwarded-for': socket.remoteAddress ?? '',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': headers.host ?? ''
  });
  const pass = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const port = await next();
    if (port === null) return void answer.writeHead(502).end();
    const { method, url: path } = incoming;
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers: forwarded(incoming) },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      }
    );
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  };
  const server = createServer((incoming, answer) => void pass(incoming, answer));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  /** The node that each socket went to, in the order in which they came. */
  const wentTo: number[] = [];
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    socket.pause();
    void next().then((port) => {
      if (port === null) return socket.destroy();
      wentTo.push(port);
      const outgoing = connect(port, '127.0.0.1', () => {
        const lines = Object.entries(forwarded(incoming)).map(([name, value]) => `${name}: ${String(value)}`);
        outgoing.write([`GET ${incoming.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
        outgoing.pipe(socket).pipe(outgoing);
        socket.resume();
      });
      const end = () => [socket, outgoing].forEach((one) => one.destroy());
      outgoing.on('error', end).once('close', end);
      socket.once('close', end);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    wentTo,
    async close() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    }
  };
}

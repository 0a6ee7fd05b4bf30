import { connect, createServer, type Socket } from 'node:net';

/** A way to another server that a test can cut: a fault of the network, while the server itself goes on. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }) {
  const pairs = new Set<readonly [Socket, Socket]>();
  let open = true;
  const server = createServer((incoming) => {
    if (!open) return incoming.destroy();
    const outgoing = connect(target.port, target.host);
    const pair = [incoming, outgoing] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [outgoing, incoming] as const]) {
      one.on('data', (chunk) => other.write(chunk));
      one.on('error', () => undefined);
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const drop = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    /** Ends every connection and takes no new one. */
    cut() {
      open = false;
      drop();
    },
    mend() {
      open = true;
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}

import { connect, createServer, type Socket } from 'node:net';

/** Which way nothing gets through, while every connection stays open: as with a cable that is out. */
type Silence = 'none' | 'questions' | 'answers' | 'both';

/**
 * A way to another server that a test can cut, silence or slow down: a fault of the network, while the server itself goes
 * on. `host` is the address it listens at.
 */
export async function startTcpProxy(
  target: { readonly host: string; readonly port: number },
  host = '127.0.0.1'
) {
  const pairs = new Set<readonly [Socket, Socket]>();
  let open = true;
  let delayMs = 0;
  let silence: Silence = 'none';

  /** TCP loses nothing: what is held back arrives, in order, once the way is free. */
  const obey = ([incoming, outgoing]: readonly [Socket, Socket]): void => {
    const questions = silence === 'none' || silence === 'answers';
    const answers = silence === 'none' || silence === 'questions';
    if (questions) incoming.resume();
    else incoming.pause();
    if (answers) outgoing.resume();
    else outgoing.pause();
  };
  const server = createServer((incoming) => {
    if (!open) return incoming.destroy();
    const outgoing = connect(target.port, target.host);
    const pair = [incoming, outgoing] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [outgoing, incoming] as const]) {
      one.on('data', (chunk) => {
        if (delayMs === 0) other.write(chunk);
        else setTimeout(() => other.write(chunk), delayMs);
      });
      one.on('error', () => undefined);
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
    obey(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const drop = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    /** Ends every connection and takes no new one. */
    cut() {
      open = false;
      drop();
    },
    /** Lets everything through again, at once. */
    mend() {
      open = true;
      delayMs = 0;
      silence = 'none';
      pairs.forEach(obey);
    },
    silence(way: Silence) {
      silence = way;
      pairs.forEach(obey);
    },
    /** Everything takes so much longer, in each direction. */
    slowDown(ms: number) {
      delayMs = ms;
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}

export type TcpProxy = Awaited<ReturnType<typeof startTcpProxy>>;

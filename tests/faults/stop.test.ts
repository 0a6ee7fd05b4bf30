import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeData, startProgram, temporaryData, Visitor, type Program } from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';

/** Holds the event loop for good when it is sent a signal, as an endless loop of ours would. */
const BLOCK = `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { for (;;); });`)}`;

describe('stopping', { timeout: 60_000 }, () => {
  let data: string;
  let server: Program;
  let visitor: Visitor;
  let mapId: string;

  const start = async (extra: Record<string, string> = {}) => {
    server = await startProgram(data, extra);
    visitor = new Visitor(`http://127.0.0.1:${server.port}`);
  };
  const open = (): SocketPeer =>
    new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, visitor.headers);

  beforeEach(() => {
    data = temporaryData();
  });
  afterEach(async () => {
    await server.end('SIGKILL');
    removeData(data);
  });
  const newMap = async () => {
    const made = await visitor.post('/?/start', { preset: 'blank' });
    mapId = /maps\/([\w-]{36})/.exec(made.headers.get('location') ?? '')?.[1] ?? '';
  };

  test('not ready, a notice, what was sent is stored and acknowledged, goodbye in waves, a snapshot, exit 0', async () => {
    await start();
    await newMap();
    const peers = Array.from({ length: 160 }, open);
    await until('all are in', () => peers.every(({ saved }) => saved), 20_000);
    const [ann] = peers;
    if (!ann) throw new Error('nobody');
    for (let edit = 0; edit < 300; edit++) ann.doc.getMap('map').set('title', `edit ${edit}`);
    const { sent } = ann;
    // Its edits have left this process only once the server has begun to answer.
    await until('the server reads', () => ann.acked > 0);
    const ended = server.end('SIGTERM');
    await until('the first are sent away', () => peers.some(({ closed }) => closed !== null));
    const stillThere = peers.filter(({ closed }) => closed === null).length;
    expect(stillThere).toBeGreaterThan(0);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect(await ended).toBe(0);
    await until('all are sent away', () => peers.every(({ closed }) => closed !== null));
    expect(new Set(peers.map(({ closed }) => closed?.code))).toEqual(new Set([1012]));
    expect(peers.every(({ notices }) => notices.includes('restarting'))).toBe(true);
    const { acked } = ann;

    const client = new DatabaseSync(join(data, 'meander.sqlite'), { readOnly: true });
    const [map] = client.prepare('select head from maps').all();
    const [snapshot] = client.prepare('select max(seq) as seq from snapshots').all();
    client.close();
    expect(snapshot?.seq).toBe(map?.head);

    // Every acknowledged edit is there: each set the title anew, so the number in it tells.
    const { headers } = visitor;
    await start();
    const again = new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, {
      ...headers,
      origin: `http://127.0.0.1:${server.port}`
    });
    await until('in again', () => again.saved);
    const title = String(again.doc.getMap('map').get('title'));
    expect(Number(title.slice('edit '.length))).toBeGreaterThanOrEqual(acked - 2); // one frame was the first answer
    again.close();
    console.log(
      `stop: ${acked} of ${sent} edits acknowledged before the goodbye, ${stillThere} sockets in later waves`
    );
  });

  test('F12: a loop that is blocked is ended by the watchdog; what was acknowledged is there', async () => {
    await start({ NODE_OPTIONS: `--import=${BLOCK}` });
    await newMap();
    const peer = open();
    await until('in', () => peer.saved);
    peer.doc.getMap('map').set('title', 'before the block');
    await until('saved', () => peer.saved);
    const ended = server.end('SIGUSR2');
    expect(await ended).toBeNull(); // by a signal, which is what starts it anew
    expect(server.output()).toContain('the event loop has been blocked for');
    const { headers } = visitor;
    await start();
    const again = new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, {
      ...headers,
      origin: `http://127.0.0.1:${server.port}`
    });
    await until('in again', () => again.saved);
    expect(again.doc.getMap('map').get('title')).toBe('before the block');
    again.close();
  });
});

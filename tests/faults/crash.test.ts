import { expect, test } from 'vitest';
import { removeData, startProgram, temporaryData, Visitor } from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';

/** Makes the program fail when it is sent a signal, as a defect of ours would. */
const FAULTS = `data:text/javascript,${encodeURIComponent(
  `process.on('SIGUSR2', () => void Promise.reject(new Error('on purpose')));
   process.on('SIGHUP', () => { throw new Error('on purpose'); });`
)}`;

test.each([
  ['a rejection that nobody handles', 'SIGUSR2', 'unhandled rejection'],
  ['an exception that nobody catches', 'SIGHUP', 'uncaught exception']
] as const)(
  'rule 26: %s ends the server in order and with a code that is not zero',
  async (_what, signal, logged) => {
    const folder = temporaryData();
    const server = await startProgram(folder, { NODE_OPTIONS: `--import=${FAULTS}` });
    const guest = new Visitor(`http://127.0.0.1:${server.port}`);
    const made = await guest.post('/?/start', { preset: 'blank' });
    const mapId = made.headers.get('location')?.split('/').at(-1) ?? '';
    const peer = new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, guest.headers);
    await until('in', () => peer.synced && peer.answered);
    peer.doc.getMap('map').set('title', 'last words');
    await until('saved', () => peer.saved);
    expect(await server.end(signal)).toBe(1);
    expect(server.output()).toContain(logged);
    expect(server.output()).toContain('on purpose');
    await until('told goodbye', () => peer.closed !== null);
    expect(peer.closed?.code).toBe(1012);
    removeData(folder);
  }
);

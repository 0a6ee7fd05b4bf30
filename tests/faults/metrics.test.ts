import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeUpdate } from '#lib/protocol/frames.ts';
import {
  removeData,
  runProgram,
  startProgram,
  temporaryData,
  Visitor,
  type Program
} from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';

const TOKEN = 'a-token-of-the-operator';

describe('/metrics', () => {
  let data: string;
  let server: Program;
  let visitor: Visitor;
  let mapId: string;

  beforeAll(async () => {
    data = temporaryData();
    server = await startProgram(data, { METRICS_TOKEN: TOKEN });
    visitor = new Visitor(`http://127.0.0.1:${server.port}`);
    const made = await visitor.post('/?/start', { preset: 'blank' });
    mapId = /maps\/([\w-]{36})/.exec(made.headers.get('location') ?? '')?.[1] ?? '';
  }, 30_000);
  afterAll(async () => {
    await server.end('SIGKILL');
    removeData(data);
  });

  const ask = (authorization?: string) =>
    fetch(`${server.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
  const scrape = async (): Promise<string> => (await ask(`Bearer ${TOKEN}`)).text();
  /** The value of one metric with its labels, as the text has it. */
  const valueOf = (text: string, name: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1)
    );
  const open = async (): Promise<SocketPeer> => {
    const peer = new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, visitor.headers);
    await until('the board is open', () => peer.saved);
    return peer;
  };

  test('answers the operator’s token and nobody else', async () => {
    expect((await ask()).status).toBe(401);
    expect((await ask('Bearer wrong-token-of-somebody')).status).toBe(401);
    const answer = await ask(`Bearer ${TOKEN}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('counts what happens on a map, and names neither the map nor its people', async () => {
    const [ann, ben] = [await open(), await open()];
    for (let edit = 0; edit < 20; edit++) ann.doc.getMap('map').set('title', `a title ${edit}`);
    await until('saved', () => ann.saved);
    await until('seen', () => ben.doc.getMap('map').get('title') === 'a title 19');
    const text = await scrape();
    expect(valueOf(text, 'meander_sockets')).toBe(2);
    expect(valueOf(text, 'meander_rooms')).toBe(1);
    expect(valueOf(text, 'meander_updates_total')).toBeGreaterThan(0);
    expect(valueOf(text, 'meander_loaded_bytes')).toBeGreaterThan(0);
    expect(valueOf(text, 'meander_log_rows')).toBeGreaterThan(0);
    expect(valueOf(text, 'meander_commit_seconds_count')).toBeGreaterThan(0);
    expect(valueOf(text, 'meander_ack_seconds_count')).toBeGreaterThan(0);
    expect(valueOf(text, 'meander_load_seconds_count')).toBeGreaterThan(0);
    expect(valueOf(text, 'meander_sent_bytes_total{content="document"}')).toBeGreaterThan(0);
    // Both have been told that all of it is stored.
    expect(valueOf(text, 'meander_unacknowledged_updates')).toBe(0);
    expect(valueOf(text, 'meander_durable_lag_seconds')).toBe(0);
    expect(valueOf(text, 'meander_checksum_failures_total')).toBe(0);
    for (const secret of [mapId, 'a title', ann.hello?.user.id ?? '?', ann.hello?.user.name || '?', TOKEN])
      expect(text).not.toContain(secret);
    ben.close();
    await until('one has left', async () => valueOf(await scrape(), 'meander_sockets') === 1);
    const back = await open();
    expect(valueOf(await scrape(), 'meander_reconnects_total')).toBeGreaterThan(0);
    back.close();
    ann.close();
  });

  test('counts what is refused by its reason', async () => {
    const peer = await open();
    peer.socket.send(new Uint8Array(writeUpdate(Uint8Array.of(0xff, 0xff, 0xff, 0x0f, 0, 0, 0))));
    await until('closed', () => peer.closed !== null);
    const text = await scrape();
    const refused = [...text.matchAll(/meander_refused_total\{reason="(\w+)"\} (\d+)/g)];
    expect(refused.filter(([, , count]) => count !== '0').map(([, reason]) => reason)).toEqual([
      'struct_count'
    ]);
    expect(valueOf(text, 'meander_closed_total{code="4400"}')).toBe(1);
  });

  test('every metric stands on the operator’s page, and the page names no other', async () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/operators.md', import.meta.url)), 'utf8');
    const table = page.slice(page.indexOf('| metric'), page.indexOf('Besides, `process_*`'));
    const told = [...table.matchAll(/`(meander_\w+)`/g)].map(([, name]) => name).sort();
    const there = [...(await scrape()).matchAll(/^# TYPE (meander_\w+) /gm)].map(([, name]) => name).sort();
    expect(told).toEqual(there);
    const alerts = [...page.slice(page.indexOf('Alerts worth')).matchAll(/meander_\w+/g)].map(
      ([name]) => name
    );
    expect(alerts.length).toBeGreaterThan(5);
    for (const name of alerts) expect(there).toContain(name);
  });

  test('a token that could be guessed stops the start; without one nobody reads', async () => {
    expect(runProgram({ DATA_DIR: data, METRICS_TOKEN: 'short' }).stderr).toContain(
      'METRICS_TOKEN must have 16 signs or more'
    );
    const other = temporaryData();
    const closed = await startProgram(other);
    expect((await fetch(`${closed.url}/metrics`, { headers: { authorization: 'Bearer ' } })).status).toBe(
      404
    );
    await closed.end('SIGKILL');
    removeData(other);
  });
});

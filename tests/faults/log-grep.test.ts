import { Buffer } from 'node:buffer';
import * as Y from 'yjs';
import { expect, test } from 'vitest';
import { writeUpdate } from '#lib/protocol/frames.ts';
import { addToken, removeData, startProgram, temporaryData, Visitor } from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { headersAt, socketUrl } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PAGE_LIMIT = `--import=${new URL('../support/page-limit.ts', import.meta.url).href}`;

/** What is put in everywhere, each of a kind of its own, so that a find says where it came from. */
const CANARIES = {
  title: 'canary-title-Zq7',
  card: 'canary-card-Zq7',
  presence: 'canary-chat-Zq7',
  comment: 'canary-comment-Zq7',
  version: 'canary-version-Zq7',
  person: 'Canary-Person-Zq7',
  field: 'canary-field-Zq7',
  path: 'canary-path-Zq7',
  query: 'canary-query-Zq7',
  body: 'canary-body-Zq7',
  address: 'canary.person.zq7@example.org',
  unknown: 'canary.nobody.zq7@example.org',
  password: 'canary password number zq7',
  wrong: 'canary wrong password zq7'
} as const;

/** A text as it may stand in a log: as it is, as bytes in any of the usual spellings, and as a part of an address. */
const spellings = (text: string): string[] => {
  const bytes = Buffer.from(text);
  return [
    text,
    encodeURIComponent(text),
    bytes.toString('base64').replace(/=+$/, '').slice(0, -2),
    bytes.toString('hex'),
    [...bytes].join(','),
    [...bytes].join(', ')
  ];
};

test(
  'the log at level trace holds no content, no secret and no address, also where something fails',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryData();
    const server = await startProgram(folder, { LOG_LEVEL: 'trace', NODE_OPTIONS: PAGE_LIMIT });
    const token = addToken(folder, CANARIES.address);
    const guest = new Visitor(`http://127.0.0.1:${server.port}`);
    const secrets: Record<string, string> = { token };
    const api = (path: string, method = 'GET', body?: string, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body })
      });

    // People: accounts, wrong passwords, links.
    await guest.post('/sign-up', {
      email: CANARIES.unknown,
      name: CANARIES.person,
      password: CANARIES.password
    });
    await guest.post('/sign-in', { email: CANARIES.address, password: CANARIES.wrong });
    await guest.post('/sign-in', { email: `${CANARIES.field}@`, password: CANARIES.wrong });
    await guest.post(`/reset/${CANARIES.path}`, { password: CANARIES.password });
    const made = (await (
      await api('/maps', 'POST', JSON.stringify({ preset: 'blank', title: CANARIES.title }))
    ).json()) as {
      id: string;
    };
    const map = `/maps/${made.id}`;
    const owned = await guest.post('/?/start', { preset: 'blank' });
    const own = owned.headers.get('location') ?? '';
    secrets.link = (await guest.link(own.split('/').at(-1) ?? '', 'editor')).token;
    await new Visitor(`http://127.0.0.1:${server.port}`).post(`/s/${secrets.link}`, {
      name: CANARIES.person
    });
    secrets.cookie = (guest.headers.cookie ?? '').split('=')[1] ?? '';
    await fetch(`${server.url}/s/${secrets.link}?ref=${CANARIES.query}`);
    await fetch(`${server.url}/${CANARIES.path}?q=${CANARIES.query}`, { headers: guest.headers });

    // Programs: what works, and what is refused.
    await api(
      `${map}/versions`,
      'POST',
      JSON.stringify({ name: CANARIES.version, reason: CANARIES.version })
    );
    await api(`${map}/comments`, 'POST', JSON.stringify({ anchor: 'map', text: CANARIES.comment }));
    await api('/maps', 'POST', `{"title":"${CANARIES.body}`);
    await api('/maps', 'POST', JSON.stringify({ [CANARIES.field]: CANARIES.body, preset: CANARIES.body }));
    await api(`/maps/${CANARIES.path}`);
    await api(`/maps?cursor=${CANARIES.query}`);
    await api('/clv/fit', 'POST', `${CANARIES.body},1\n`, { 'content-type': 'text/csv' });
    await fetch(`${server.url}/api/v1/maps`, {
      headers: { authorization: `Bearer ${CANARIES.field}.${CANARIES.body}` }
    });

    // Sockets: edits, presence, and frames that are none.
    const peer = new SocketPeer(socketUrl(server.port, made.id), token);
    await until('in', () => peer.saved);
    const put = (text: string) => peer.doc.getMap('cards').set(text, new Y.Map([['text', new Y.Text(text)]]));
    peer.doc.getMap('map').set('title', CANARIES.title);
    put(CANARIES.card);
    await until('saved', () => peer.saved);
    const bad = new Y.Doc();
    bad.getMap(CANARIES.field).set(CANARIES.field, CANARIES.body);
    for (const frame of [
      writeUpdate(Y.encodeStateAsUpdate(bad)),
      new TextEncoder().encode(CANARIES.presence)
    ]) {
      const hostile = new SocketPeer(socketUrl(server.port, made.id), token);
      await until('in', () => hostile.synced);
      hostile.send(frame);
      await until('out', () => hostile.closed !== null);
    }
    const stranger = new SocketPeer(socketUrl(server.port, CANARIES.path), headersAt(server.port, guest));
    await until('out', () => stranger.closed !== null);

    // The database fails: what it was asked must not be told.
    process.kill(server.pid, 'SIGUSR2');
    const filler = () => {
      for (let piece = 0; piece < 10; piece++)
        put(`${CANARIES.card}-${Math.random()}`.slice(0, 60).replaceAll('.', '-'));
    };
    await until('saving has stopped', () => {
      filler();
      return peer.notices.includes('saving-stopped');
    });
    let failed = 0;
    await until('a request fails, too', async () => {
      const { status } = await api(
        `${map}/comments`,
        'POST',
        JSON.stringify({ anchor: 'map', text: CANARIES.comment.repeat(250).slice(0, 4_000) })
      );
      if (status >= 500) failed++;
      return failed > 0;
    });
    await api('/maps', 'POST', JSON.stringify({ preset: 's3-eight', title: CANARIES.title }));
    await guest.post('/sign-in', { email: CANARIES.unknown, password: CANARIES.password });
    process.kill(server.pid, 'SIGUSR2');
    await until('saved again', () => peer.saved, 20_000);
    peer.close();
    await server.end('SIGTERM');
    removeData(folder);

    const log = server.output();
    // There is something to look through: requests, and the failures themselves.
    expect(log.split('"msg":"request"').length).toBeGreaterThan(15);
    expect(log).toContain('commit failed');
    expect(Object.entries(secrets).filter(([, secret]) => secret.length < 20)).toEqual([]);
    for (const [kind, text] of [...Object.entries(CANARIES), ...Object.entries(secrets)])
      for (const spelling of spellings(text)) {
        const at = log.indexOf(spelling);
        expect(
          at < 0 ? null : log.slice(Math.max(0, at - 200), at + 100),
          `${kind}, as ${spelling}`
        ).toBeNull();
      }
  }
);

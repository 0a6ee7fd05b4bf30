import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { addToken, removeData, startProgram, temporaryData, type Program } from '../support/program.ts';

let program: Program;
let dataDir: string;
let token: string;
let mapId: string;

beforeAll(async () => {
  dataDir = temporaryData();
  program = await startProgram(dataDir);
  token = addToken(dataDir, 'ann@example.org');
  const made = await fetch(`${program.url}/api/v1/maps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ preset: 's0-four' })
  });
  mapId = ((await made.json()) as { id: string }).id;
}, 60_000);

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

/** A WebSocket that says who it is, as a program's would; a browser's sends its cookie instead. */
const speaking = (headers: Record<string, string>) =>
  class extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols, { headers });
    }
  } as unknown as typeof globalThis.WebSocket;

function connect(doc: Y.Doc, headers: Record<string, string>, id = mapId): WebsocketProvider {
  return new WebsocketProvider(program.url.replace('http', 'ws') + '/sync', id, doc, {
    WebSocketPolyfill: speaking(headers),
    disableBc: true
  });
}

const synced = (provider: WebsocketProvider) =>
  new Promise<void>((resolve) => (provider.synced ? resolve() : provider.once('sync', () => resolve())));

const cookie = async (): Promise<string> => {
  const start = await fetch(`${program.url}/?/start`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: program.url, 'content-type': 'application/x-www-form-urlencoded' }
  });
  const set = start.headers.get('set-cookie') ?? '';
  expect(set).toMatch(/^meander_session=[^;]+;.*HttpOnly/i);
  mapOfGuest =
    /\/maps\/([0-9a-f-]{36})/.exec(start.headers.get('location') ?? (await start.text()))?.[1] ?? '';
  return set.split(';')[0] ?? '';
};
let mapOfGuest = '';

test('a stock WebsocketProvider with a bearer token syncs both ways, and what it wrote is in the map file', async () => {
  const [one, two] = [new Y.Doc(), new Y.Doc()];
  const providers = [one, two].map((doc) => connect(doc, { authorization: `Bearer ${token}` }));
  await Promise.all(providers.map(synced));
  const [writer, reader] = [new JourneyDocument(one), new JourneyDocument(two)];
  const arrived = new Promise<void>((resolve) =>
    reader.onChange(({ journey }) => {
      if (journey.cards.some(({ text }) => text === 'I wrote this with a stock client')) resolve();
    })
  );
  const { stages, lanes } = writer.journey;
  writer.addCard({
    stage: stages[0]?.id as StageId,
    lane: lanes[0]?.id as LaneId,
    text: 'I wrote this with a stock client'
  });
  await arrived;
  const file = await fetch(`${program.url}/api/v1/maps/${mapId}`, {
    headers: { authorization: `Bearer ${token}` }
  });
  const { cards } = (await file.json()) as { cards: { text: string }[] };
  expect(cards.map(({ text }) => text)).toEqual(['I wrote this with a stock client']);
  for (const provider of providers) provider.destroy();
});

test('a session cookie with our own origin opens the socket as well', async () => {
  const doc = new Y.Doc();
  const header = await cookie();
  const provider = connect(doc, { cookie: header, origin: program.url }, mapOfGuest);
  await synced(provider);
  expect(new JourneyDocument(doc).journey.stages).toHaveLength(8);
  provider.destroy();
});

test.each([
  [
    'an unknown map',
    () => connect(new Y.Doc(), { authorization: `Bearer ${token}` }, '00000000-0000-4000-8000-000000000000'),
    4404
  ],
  ['nobody', () => connect(new Y.Doc(), { origin: program.url }), 4401]
])('%s: the socket closes for good with the code that says why', async (_who, open, code) => {
  const provider = open();
  const closed = await new Promise<number>((resolve) =>
    provider.on('connection-close', (event) => resolve(event?.code ?? 0))
  );
  expect(closed).toBe(code);
  expect(provider.shouldConnect).toBe(false);
  provider.destroy();
});

import { readFileSync } from 'node:fs';
import * as Y from 'yjs';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { MAP, startWorld } from '../../../tests/support/world.ts';
import { CLOSE, isFinal } from './close-codes.ts';
import { MESSAGE, SYNC, type ClientFrame } from './frames.ts';
import { LIMITS } from './limits.ts';
import { maySend } from './permissions.ts';
import { ROLES } from './roles.ts';
import { OTHER_ACCOUNT } from './save-state.ts';

const page = readFileSync(new URL('./PROTOCOL.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, cell by cell, without the head. */
const tableUnder = (heading: string): string[][] => {
  const [, part = ''] = page.split(`\n## ${heading}\n`);
  const rows = (part.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
  );
};

/** What the grammar says of one side: the numbers in front of a frame, and what it is. */
const framesOf = (side: 'client' | 'server') => {
  const [, grammar = ''] = page.split('```');
  const [, block = ''] = new RegExp(`(?:^|\\n)${side} = ([^]*?)(?=\\n\\w+ =|$)`).exec(grammar) ?? [];
  return block.split(/\n?\s*\| |\n/).flatMap((alternative) => {
    const [, numbers, rest = ''] = /^((?:\d+ ?)+)(.*)$/.exec(alternative.trim()) ?? [];
    return numbers === undefined ? [] : [{ numbers: numbers.trim(), rest: rest.trim() }];
  });
};

test('the page lists the frames that the code knows, and no other', () => {
  const sync = Object.values(SYNC).map((step) => `${MESSAGE.sync} ${step}`);
  expect(framesOf('client').map(({ numbers }) => numbers)).toEqual([...sync, String(MESSAGE.awareness)]);
  const { sync: _sync, queryAwareness: _between, awareness, auth, ...own } = MESSAGE;
  expect(framesOf('server').map(({ numbers }) => numbers)).toEqual([
    ...sync,
    String(awareness),
    `${auth} 0`,
    ...Object.values(own).map(String)
  ]);
});

test('the role table says what the code allows', () => {
  const KINDS: Readonly<Record<string, ClientFrame['kind']>> = {
    '`0 0`': 'stateVector',
    '`0 1`': 'answer',
    '`0 2`': 'update',
    '`1`': 'presence'
  };
  const rows = tableUnder('Rights');
  const seen = new Set<string>();
  for (const [frames = '', editors = '', readers = ''] of rows)
    for (const frame of frames.split(', ')) {
      const kind = KINDS[frame];
      if (kind === undefined) throw new Error(`the table names ${frame}`);
      seen.add(frame);
      for (const role of ROLES) {
        const said = role === 'owner' || role === 'editor' ? editors : readers;
        expect([frame, role, maySend(role, kind)]).toEqual([frame, role, said === 'yes']);
      }
    }
  expect([...seen].sort()).toEqual(Object.keys(KINDS).sort());
});

test('the close codes are those of the code, and those of 4400 to 4499 are final', () => {
  const rows = tableUnder('Close codes');
  expect(rows.map(([code]) => Number(code))).toEqual(
    [...Object.values(CLOSE), OTHER_ACCOUNT].sort((a, b) => a - b)
  );
  for (const [code = '', , what = ''] of rows)
    expect([code, /^come back/.test(what)]).toEqual([code, !isFinal(Number(code))]);
});

test('every save state has its rule', () => {
  const source = readFileSync(new URL('./save-state.ts', import.meta.url), 'utf8');
  const kinds = [...source.matchAll(/readonly kind: '(\w+)'/g)].map(([, kind]) => kind ?? '');
  expect(kinds.length).toBeGreaterThan(5);
  const [, rules = ''] = page.split('\n## Save state\n');
  for (const kind of kinds) expect(rules.split('\n## ')[0]).toContain(`\`${kind}\``);
});

test.each([
  [`A frame is at most ${LIMITS.frameBytes / 1024 / 1024} MB`],
  [`at most ${LIMITS.updateBytes / 1024 / 1024} MB`],
  [
    `More structs than ${LIMITS.updateStructs.toLocaleString('en')} (${LIMITS.answerStructs.toLocaleString('en')}`
  ],
  [`one string over ${LIMITS.stringBytes / 1024} KB`],
  [`JSON more than ${LIMITS.jsonDepth} deep`],
  [`keys over ${LIMITS.keyBytes} bytes`],
  [`a log of more than ${LIMITS.mapBytes / 1024 / 1024} MB`],
  [`up to ${LIMITS.earlyBytes / 1024} KB`],
  [`at most ${LIMITS.presenceBytes / 1024} KB`],
  [`or ${LIMITS.presenceExpiryMs / 1_000} s after its last presence frame`]
])('the page says "%s"', (words) => {
  expect(page).toContain(words);
});

/** A client from the page alone: its numbers are read there, and nothing of ours writes or reads its bytes. */
test('whoever has only the page writes a client that edits, is acknowledged, and sees others', async () => {
  const world = await startWorld();
  onTestFinished(() => world.close());
  const numberOf = (side: 'client' | 'server', words: string): number[] => {
    const found = framesOf(side).find(({ rest }) => rest.includes(words));
    if (!found) throw new Error(`the page has no frame "${words}"`);
    return found.numbers.split(' ').map(Number);
  };
  const varUint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varUint(Math.floor(value / 128))];
  const reader = (bytes: Uint8Array) => {
    let at = 0;
    const next = (): number => {
      const byte = bytes[at++] ?? 0;
      return byte < 128 ? byte : byte - 128 + 128 * next();
    };
    const rest = () => {
      const length = next();
      return bytes.subarray(at, (at += length));
    };
    return { next, rest };
  };
  const ACK = numberOf('server', 'ack')[0];
  const [SYNC_TYPE, STEP_ANSWER] = numberOf('client', 'answer to');
  const [, STEP_UPDATE] = framesOf('client')[2]?.numbers.split(' ').map(Number) ?? [];
  const [, STEP_VECTOR] = numberOf('client', 'state vector: what am I missing');

  const open = async (name: string) => {
    const doc = new Y.Doc();
    const state = { acked: 0, sent: 0, synced: false };
    const socket = new WebSocket(world.url(MAP), {
      headers: { authorization: `Bearer ${name}` }
    } as unknown as string[]);
    onTestFinished(() => socket.close());
    socket.binaryType = 'arraybuffer';
    const send = (step: number | undefined, bytes: Uint8Array) => {
      if (step !== STEP_VECTOR) state.sent++;
      socket.send(Uint8Array.from([SYNC_TYPE ?? -1, step ?? -1, ...varUint(bytes.length), ...bytes]));
    };
    socket.onopen = () => send(STEP_VECTOR, Y.encodeStateVector(doc));
    socket.onmessage = ({ data }) => {
      const { next, rest } = reader(new Uint8Array(data as ArrayBuffer));
      const type = next();
      if (type === ACK) state.acked = next();
      if (type !== SYNC_TYPE) return;
      const step = next();
      if (step === STEP_VECTOR) return send(STEP_ANSWER, Y.encodeStateAsUpdate(doc, rest()));
      Y.applyUpdate(doc, rest(), 'server');
      if (step === STEP_ANSWER) state.synced = true;
    };
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'server') send(STEP_UPDATE, update);
    });
    // P40, as far as this client has states.
    await until('saved', () => state.synced && state.sent > 0 && state.sent === state.acked);
    return { doc, state };
  };
  const [ann, ben] = [await open('ann'), await open('ben')];
  ann.doc.getMap('map').set('title', 'from the page');
  await until('acknowledged', () => ann.state.sent === 2 && ann.state.acked === 2);
  await until('seen', () => ben.doc.getMap('map').get('title') === 'from the page');
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemCode } from '#lib/clv/model.ts';
import { rootsOf } from '#lib/document/layout.ts';
import { writeJourney } from '#lib/document/write.ts';
import type { Journey } from '#lib/journey/records.ts';
import { j1, key } from '#lib/scenarios/j1.fixture.ts';
import { opportunityNamed } from '#lib/scenarios/j3.fixture.ts';
import { addToken, removeData, startProgram, temporaryData, type Program } from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';
import { WARNED_JOURNEYS, WRONG_JOURNEYS } from '../support/wrong-journeys.ts';

type Json = Record<string, unknown>;
interface Told {
  readonly code: string;
  readonly where: string;
  readonly message: string;
}

/**
 * Where each code of the engine meets a program: in the figures of a map that somebody typed, or already at the import
 * of a file, because the document has no place for such a map.
 */
const MET: Readonly<Record<ProblemCode, 'figures' | 'import'>> = {
  E_CURRENCY: 'figures',
  E_DUPLICATE: 'import',
  E_ENUM: 'import',
  E_INTEGER: 'figures',
  E_MISSING: 'figures',
  E_NO_CONVERSION: 'figures',
  E_NO_CUSTOMER: 'figures',
  E_NO_EXIT: 'figures',
  E_NOT_FINITE: 'figures',
  E_ORDERS_BEFORE_CUSTOMER: 'figures',
  E_RANGE: 'figures',
  E_REFERRAL_SUPERCRITICAL: 'figures',
  E_ROW_SUM: 'figures',
  E_SBG_EDGES: 'figures',
  E_UNKNOWN_LANE: 'import',
  E_UNKNOWN_STAGE: 'figures',
  E_ZERO_LOOP: 'figures'
};
const metIn = (place: 'figures' | 'import') =>
  Object.entries(MET)
    .filter(([, where]) => where === place)
    .map(([code]) => code);

const ONE_SENTENCE = /^\S(?:(?![.!?] [A-Z“]).)+\.$/;
const NUMBERS = [
  'clv',
  'clvWithReferrals',
  'clvOverHorizon',
  'cac',
  'clvToCac',
  'npvPerProspect',
  'npvPerProspectWithoutReferrals',
  'paybackTicks',
  'discountedPaybackTicks',
  'conversion',
  'lifetimeTicks',
  'valueByStage',
  'byPeriod',
  'contributions',
  'removal',
  'derivatives'
];

let program: Program;
let dataDir: string;
let token: string;
let id: string;
let board: SocketPeer;

const call = async (method: string, path: string, body?: unknown): Promise<[number, Json]> => {
  const response = await fetch(`${program.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });
  return [response.status, (await response.json()) as Json];
};

/** Puts another map on the board, as somebody who edits it, and waits until the server has it. */
async function put(journey: Journey): Promise<void> {
  board.doc.transact(() => {
    for (const root of Object.values(rootsOf(board.doc)) as { clear(): void }[]) root.clear();
    writeJourney(board.doc, journey);
  });
  await until('the server has the map', () => board.saved);
}

const figures = async (query = ''): Promise<Json> => {
  const [status, body] = await call('GET', `/maps/${id}/clv${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

beforeAll(async () => {
  dataDir = temporaryData();
  program = await startProgram(dataDir);
  token = addToken(dataDir, 'ann@example.org');
  const [, made] = await call('POST', '/maps', { preset: 'blank' });
  id = made.id as string;
  board = new SocketPeer(`${program.url.replace('http', 'ws')}/sync/${id}?v=1`, token);
  await until('the server has the map', () => board.saved);
}, 60_000);

afterAll(async () => {
  board.close();
  await program.end('SIGTERM');
  removeData(dataDir);
});

describe('GET /maps/:id/clv, the error table', () => {
  test.each(WRONG_JOURNEYS)('$row: $what is $code at $path, and no number', async (wrong) => {
    await put(wrong.journey);
    const { baseline, opportunities } = await figures();
    const { problems, warnings: _, ...numbers } = baseline as Json & { problems: Told[] };
    expect(problems.map(({ code, where }) => [code, where])).toContainEqual([wrong.code, wrong.path]);
    for (const { message } of problems) expect(message).toMatch(ONE_SENTENCE);
    expect(numbers).toEqual(Object.fromEntries(NUMBERS.map((name) => [name, null])));
    expect(opportunities).toEqual([]);
  });

  test.each(WARNED_JOURNEYS)('$row: $code at $path stands beside the figures', async (warned) => {
    await put(warned.journey);
    const { baseline } = await figures();
    const { warnings, clv } = baseline as Json & { warnings: Told[] };
    expect(clv).toEqual(expect.any(Number));
    const told = warnings.filter(({ code }) => code === warned.code);
    expect(told.map(({ where }) => where)).toContain(warned.path);
    for (const { message } of told) expect(message).toMatch(ONE_SENTENCE);
  });

  test('a word where a number is due is E_NOT_FINITE, and no default takes its place', async () => {
    await put(j1());
    const rate = key.setting('annualDiscountRate');
    board.doc.getMap('metrics').set(rate, 'ten percent');
    await until('the server has the map', () => board.saved);
    const { baseline } = await figures();
    expect(baseline).toMatchObject({ clv: null, problems: [{ code: 'E_NOT_FINITE', where: rate }] });
  });

  test('a range out of order is E_ORDER at its number; two changes that set one number are E_CONFLICT', async () => {
    const trial = key.share('Trial', 'Active');
    await put({
      ...j1(),
      metrics: new Map([...j1().metrics, [key.setting('prospectsPerTick'), 100]]),
      ranges: new Map([[trial, { kind: 'range', low: 0.5, high: 0.4 }]]),
      opportunities: [
        opportunityNamed('One', [[trial, 'set', 0.35]], { rank: 'a0' }),
        opportunityNamed('Two', [[trial, 'set', 0.4]], { rank: 'a1' })
      ]
    });
    const { simulation, portfolio } = (await figures('?draws=100&budget=10')) as Record<string, Json>;
    expect(simulation).toMatchObject({ figures: null, problems: [{ code: 'E_ORDER', where: trial }] });
    expect(portfolio!.conflicts).toEqual([['one', 'two']]);
    expect((portfolio!.best as Json).ids).toHaveLength(1);
  });

  test('every code is met in the figures, or already at the import', () => {
    const codes = (list: readonly { code: string }[]) => [...new Set(list.map(({ code }) => code))].sort();
    expect(codes(WRONG_JOURNEYS)).toEqual(metIn('figures').sort());
    expect(codes(IMPORTS.map(([, code]) => ({ code })))).toEqual(expect.arrayContaining(metIn('import')));
  });
});

const example = (): Json & Record<'settings', Json> & Record<'stages' | 'lanes' | 'transitions', Json[]> =>
  JSON.parse(
    readFileSync(new URL('../../static/examples/subscription-trial.json', import.meta.url), 'utf8')
  ) as never;

type File = ReturnType<typeof example>;
/** What no document can hold: refused with the file, by the same codes. */
const IMPORTS: readonly (readonly [string, string, string, (file: File) => void])[] = [
  ['a unit of time that is none', 'E_ENUM', '/settings/tick', ({ settings }) => (settings.tick = 'hour')],
  ['a kind that is none', 'E_ENUM', '/stages/0/kind', ({ stages }) => (stages[0]!.kind = 'other')],
  ['two stages of one id', 'E_DUPLICATE', '/stages/1/id', ({ stages }) => (stages[1]!.id = stages[0]!.id)],
  [
    'one arrow twice',
    'E_DUPLICATE',
    '/transitions/1',
    ({ transitions }) => (transitions[1] = transitions[0]!)
  ],
  [
    'an arrow to nowhere',
    'E_UNKNOWN_STAGE',
    '/transitions/0/to',
    ({ transitions }) => (transitions[0]!.to = 'gone')
  ],
  [
    'a cost in no lane',
    'E_UNKNOWN_LANE',
    '/cells/0/lane',
    (file) => ((file.cells as Json[])[0]!.lane = 'gone')
  ],
  [
    'a second currency',
    'E_UNKNOWN_FIELD',
    '/stages/0/currency',
    ({ stages }) => (stages[0]!.currency = 'USD')
  ]
];

describe('POST /maps, what no document can hold', () => {
  test.each(IMPORTS)('%s is %s at %s', async (_, code, path, spoil) => {
    const file = example();
    spoil(file);
    const [status, body] = await call('POST', '/maps', { map: file });
    expect(status).toBe(422);
    expect(body.errors).toContainEqual({
      code,
      path: `/map${path}`,
      message: expect.stringMatching(ONE_SENTENCE) as string
    });
  });
});

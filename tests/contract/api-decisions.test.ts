import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addToken, removeData, startProgram, temporaryData, type Program } from '../support/program.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}
interface Opportunity {
  readonly id: string;
  readonly programmeValue: number | null;
  readonly expectedUplift: number | null;
  readonly problems: readonly { code: string; where: string; message: string }[];
}

let program: Program;
let dataDir: string;
let ann: string;
let id: string;

const example = JSON.parse(
  readFileSync(new URL('../../static/examples/subscription-trial.json', import.meta.url), 'utf8')
) as Record<string, unknown>;

const share = (from: string, to: string) => `transitions/${from}/${to}/probability`;
/** J3 of the engine's specification, on the example's stages. */
const J3 = {
  ...example,
  scenarios: [],
  settings: { ...(example.settings as object), prospectsPerTick: 4000 },
  opportunities: [
    {
      id: 'setup',
      name: 'Guided setup',
      oneOffCost: 18_000,
      runningCost: 400,
      edits: [{ metric: share('trial', 'active'), how: 'set', amount: 0.36 }]
    },
    {
      id: 'desk',
      name: 'Save desk',
      oneOffCost: 12_000,
      runningCost: 900,
      edits: [{ metric: share('at-risk', 'active'), how: 'set', amount: 0.45 }]
    },
    {
      id: 'landing',
      name: 'Landing page',
      oneOffCost: 9000,
      successProbability: 0.8,
      edits: [{ metric: share('visit', 'signup'), how: 'multiply', amount: 1.1 }]
    }
  ],
  ranges: [{ metric: share('active', 'active'), kind: 'range', low: 0.91, high: 0.95 }]
};

beforeAll(async () => {
  dataDir = temporaryData();
  program = await startProgram(dataDir);
  ann = addToken(dataDir, 'ann@example.org');
  id = await add(J3);
}, 60_000);

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

async function call(path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(program.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${ann}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: JSON.parse(text) as Record<string, unknown>
  };
}

async function add(map: unknown): Promise<string> {
  const made = await call('/api/v1/maps', { map });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id as string;
}

const clv = (query = '', map = id) => call(`/api/v1/maps/${map}/clv${query}`);

describe('opportunities, portfolio and simulation for programs', () => {
  test('J3: opportunities with uplift and programme value, those worth most first', async () => {
    const { status, body } = await clv();
    expect(status).toBe(200);
    expect(body.programme).toEqual({ intake: 4000, ticks: 24 });
    const opportunities = body.opportunities as Opportunity[];
    expect(opportunities.map((one) => one.id)).toEqual(['setup', 'landing', 'desk']);
    expect(opportunities[0]?.programmeValue).toBeCloseTo(185_645.31, 1);
    expect(opportunities[1]?.expectedUplift).toBeCloseTo(0.938437, 6);
    expect(body).not.toHaveProperty('portfolio');
    expect(body).not.toHaveProperty('simulation');
  });

  test('J3: the budget’s best set is solved together; adding picks another', async () => {
    const { body } = await clv('?budget=30000');
    const portfolio = body.portfolio as {
      best: { ids: string[]; programmeValue: number; interaction: number };
      additive: { opportunities: string[]; picksWrong: boolean };
      proven: boolean;
    };
    expect(portfolio.best.ids).toEqual(['setup', 'desk']);
    expect(portfolio.best.programmeValue).toBeCloseTo(277_935.01, 1);
    expect(portfolio.best.interaction).toBeCloseTo(0.235575, 6);
    expect(portfolio.additive).toMatchObject({ opportunities: ['setup', 'landing'], picksWrong: true });
    expect(portfolio.proven).toBe(true);
  });

  test('a simulation is the same for the same seed, and keeps it', async () => {
    const [one, again, other] = await Promise.all([
      clv('?draws=500&seed=7'),
      clv('?draws=500&seed=7'),
      clv('?draws=500&seed=8')
    ]);
    expect(one.body.simulation).toMatchObject({ seed: 7, draws: 500, ranges: 1, problems: [] });
    expect(again.body.simulation).toEqual(one.body.simulation);
    expect(other.body.simulation).not.toEqual(one.body.simulation);
    const { figures } = one.body.simulation as {
      figures: { clv: { p5: { value: number }; base: number; p95: { value: number } } };
    };
    expect(figures.clv.base).toBeCloseTo(524.464543, 6);
    expect(figures.clv.p5.value).toBeLessThan(524);
    expect(figures.clv.p95.value).toBeGreaterThan(525);
  });

  test('others are answered while ten thousand draws are under way', async () => {
    let done = false;
    const long = clv('?draws=10000&seed=1').then((answer) => {
      done = true;
      return answer;
    });
    let slowest = 0;
    do {
      const start = performance.now();
      expect((await fetch(`${program.url}/livez`)).status).toBe(200);
      slowest = Math.max(slowest, performance.now() - start);
    } while (!done);
    expect((await long).status).toBe(200);
    // Generous, as machines are shared: on the event loop the wait would be the whole simulation.
    expect(slowest).toBeLessThan(2000);
  });

  test.each([
    ['budget=-1', 'budget', 'E_RANGE'],
    ['budget=much', 'budget', 'E_TYPE'],
    ['budget=', 'budget', 'E_TYPE'],
    ['bugdet=1', 'bugdet', 'E_UNKNOWN_FIELD'],
    ['budget=1&budget=2', 'budget', 'E_DUPLICATE'],
    ['draws=99', 'draws', 'E_RANGE'],
    ['draws=10001', 'draws', 'E_RANGE'],
    ['draws=500.5', 'draws', 'E_INTEGER'],
    ['draws=500&seed=-3', 'seed', 'E_RANGE'],
    ['seed=1e99', 'seed', 'E_RANGE'],
    ['seed=NaN', 'seed', 'E_TYPE']
  ])('?%s is refused by its name', async (query, path, code) => {
    const { status, type, body } = await clv(`?${query}`);
    expect(status).toBe(400);
    expect(type).toContain('application/problem+json');
    expect(body.errors).toEqual([{ path, code, message: expect.stringContaining(`“${path}”`) as string }]);
  });

  test('what is missing is a problem with its place, and null instead of a number', async () => {
    const { settings } = J3;
    const { prospectsPerTick: _, ...others } = settings as unknown as Record<string, unknown>;
    const map = await add({
      ...J3,
      settings: others,
      ranges: [{ metric: share('active', 'active'), kind: 'range', low: 0.94, high: 0.95 }]
    });
    const { status, body } = await clv('?budget=30000&draws=100', map);
    expect(status).toBe(200);
    const [first] = body.opportunities as Opportunity[];
    expect(first?.expectedUplift).toBeCloseTo(2.420679, 6);
    expect(first?.programmeValue).toBeNull();
    expect(body.portfolio).toMatchObject({
      best: null,
      problems: [{ code: 'E_MISSING', where: 'settings/prospectsPerTick' }]
    });
    expect(body.simulation).toMatchObject({
      figures: null,
      problems: [{ code: 'E_ORDER', where: share('active', 'active') }]
    });
  });
});

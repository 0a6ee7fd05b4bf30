import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createLedger } from '#lib/clv/transactions/index.ts';
import { analyseDiscrete, discreteRows } from './discrete.ts';
import { readNumberRows } from './number-rows.ts';
import { attribution, readPaths } from './paths.ts';
import { retentionFigures } from './retention-table.ts';
import { equityAt, simpleValues } from './simple-value.ts';

const OF_A_YEAR = { unit: 'year', annualRate: 0.1, customers: null } as const;
const oracle = (name: string) => readFileSync(`tests/oracles/data/${name}`, 'utf8');

describe('a retention table (sBG)', () => {
  const [, ...lines] = oracle('sbg_survival_2007.csv').trim().split('\n');
  const highEnd = lines.slice(0, 8).map((line) => line.split(',')[2]!);

  test('X15: row 52: the high end of the paper, as counts in one line and as percent in a column', () => {
    const counts = retentionFigures(highEnd.map((share) => Number(share) * 10).join('\t'), OF_A_YEAR);
    const column = retentionFigures(`survivors\n${highEnd.map((share) => `${share}%`).join('\n')}`, {
      ...OF_A_YEAR,
      customers: 1000
    });
    for (const found of [counts, column]) {
      if (!found.ok || !found.fit.ok) throw new Error('no fit');
      expect(found.fit.parameters.alpha).toBeCloseTo(0.668, 3);
      expect(found.fit.parameters.beta).toBeCloseTo(3.806, 2);
      expect(found.retention[0]).toBeCloseTo(0.851, 3);
      expect(found.curve[8]).toMatchObject({ at: 8, observed: null });
      expect(found.curve[8]?.expected).toBeCloseTo(0.46, 3);
      expect(found.lifetime).toBeCloseTo(5.9226, 2);
    }
  });

  test('X15: several cohorts are added, each as long as it was watched', () => {
    const found = retentionFigures('2022 1000 869 743\n2023 1000 869', OF_A_YEAR);
    expect(found).toMatchObject({
      ok: true,
      cohorts: 2,
      fit: { ok: false, code: 'E_SURVIVAL' },
      lifetime: null
    });
    const both = retentionFigures('1000 869 743 653\n500 434 372', OF_A_YEAR);
    expect(both.ok && both.fit.ok && both.fit.customers).toBe(1500);
  });

  test('X15: shares without a number of customers, words and nothing are told apart', () => {
    expect(retentionFigures('1 0.869 0.743', OF_A_YEAR)).toMatchObject({ code: 'E_COUNT', line: 1 });
    expect(retentionFigures('1000 many 743', OF_A_YEAR)).toMatchObject({
      code: 'E_NUMBER',
      line: 1,
      message: 'Line 1: “many” is not a number.'
    });
    expect(retentionFigures(' \n', OF_A_YEAR)).toMatchObject({ code: 'E_EMPTY' });
  });
});

test('rows of numbers: tabs with decimal commas, commas, headings and names of rows', () => {
  expect(readNumberRows('a;b\n63,1;46,8')).toEqual({ ok: true, rows: [[63.1, 46.8]] });
  expect(readNumberRows('1000,869,743')).toEqual({ ok: true, rows: [[1000, 869, 743]] });
  expect(readNumberRows('January\t1,000\t869')).toEqual({ ok: true, rows: [[1000, 869]] });
});

describe('paths (Markov attribution)', () => {
  test('X16: row 76: the published example from a file with names', () => {
    const read = readPaths('path,conversions,losses\nC1 > C2 > C3,1,0\nC1,0,1\nC2 > C3,0,1\n');
    if (!read.ok) throw new Error(read.message);
    expect(read.people).toBe(3);
    const result = attribution(read.paths);
    if (!result.ok) throw new Error(result.message);
    expect(result.conversionRate).toBeCloseTo(1 / 3, 12);
    expect(result.channels.map(({ share }) => share)).toEqual([0.2, 0.4, 0.4]);
  });

  test('X16: row 77: a pasted table without names, counts in the order of the columns', () => {
    const read = readPaths('G;2;0\nG;0;1\nM;1;0\nG > M;1;0');
    const result = read.ok ? attribution(read.paths) : null;
    if (!result?.ok) throw new Error('no attribution');
    expect(result.conversionRate).toBeCloseTo(0.8, 12);
    expect(result.channels.map(({ conversions }) => conversions)).toEqual([
      expect.closeTo(2.4, 12),
      expect.closeTo(1.6, 12)
    ]);
  });

  test('X16: what cannot be read is told with its line', () => {
    expect(readPaths('path,conversions\nA > B,2\nA,many\n')).toMatchObject({ code: 'E_COUNT', line: 3 });
    expect(readPaths('path,conversions\n,2\n')).toMatchObject({ code: 'E_PATH', line: 2 });
    expect(readPaths('')).toMatchObject({ code: 'E_EMPTY' });
    const read = readPaths('path,conversions\nA > B,0\n');
    expect(read.ok && attribution(read.paths)).toMatchObject({ ok: false, code: 'E_NO_CONVERSION' });
  });
});

describe('values without a model of behaviour', () => {
  const entries = { margin: 1, retention: 0.8, rate: 0.12, growth: 0, promotion: 0, years: 10 };

  test('X17: rows 70 and 75: both timings, which differ, and the elasticity', () => {
    const { end, now, elasticity } = simpleValues(entries);
    expect(end.ok && end.value).toBeCloseTo(2.5, 10);
    expect(now.ok && now.value).toBeCloseTo(3.5, 10);
    expect(elasticity.ok && elasticity.value).toBeCloseTo(3.5, 10);
  });

  test('X17: row 69: promotions spent in the middle of the year', () => {
    const { bergerNasr } = simpleValues({
      ...entries,
      margin: 260,
      promotion: 50,
      retention: 0.75,
      rate: 0.2,
      years: 10
    });
    expect(bergerNasr.ok && bergerNasr.value).toBeCloseTo(568.783067, 5);
  });

  test('X17: no end, and what is not entered, are sentences', () => {
    expect(simpleValues({ ...entries, retention: 1, rate: 0 }).end).toMatchObject({ ok: false });
    expect(simpleValues({ ...entries, margin: undefined }).now).toMatchObject({ ok: false, code: 'E_RANGE' });
  });

  test('half of the ceiling is reached at the budget that is said to', () => {
    const point = equityAt(
      {
        margin: 100,
        rate: 0.1,
        acquisition: { ceiling: 0.4, half: 5 },
        retention: { ceiling: 0.8, half: 10 }
      },
      5,
      10
    );
    expect(point.acquired).toBeCloseTo(0.2, 12);
    expect(point.retained).toBeCloseTo(0.4, 12);
    expect(point.result.ok && point.result.value).toBeCloseTo(
      0.2 * 100 - 5 + (0.2 * (100 - 10 / 0.4) * (0.4 / 1.1)) / (1 - 0.4 / 1.1),
      10
    );
  });
});

describe('purchases per whole unit (BG/BB)', () => {
  test('X18: units after the first purchase, returns and the last broken unit left out', () => {
    const ledger = createLedger();
    const DAYS: Record<string, readonly (readonly [number, number])[]> = {
      twice: [
        [0, 5],
        [3, 5],
        [9, 5],
        [10, 5],
        [27, 5]
      ],
      returned: [
        [0, 5],
        [8, -5]
      ],
      late: [[25, 5]]
    };
    for (const [who, days] of Object.entries(DAYS))
      for (const [day, amount] of days) ledger.add(who, day, amount);
    expect(discreteRows(ledger.transactions(), { unit: 'week', until: 27 })).toEqual([
      { x: 2, tx: 2, n: 3, weight: 1 },
      { x: 0, tx: 0, n: 3, weight: 1 }
    ]);
  });

  test('X18: CDNOW by weeks: finite, and as many customers in the bars as there are', () => {
    const ledger = createLedger();
    for (const line of oracle('cdnow_sample_transactions.csv').trim().split('\n').slice(1)) {
      const [who, date, , amount] = line.split(',');
      ledger.add(who!, Date.parse(date!) / 864e5, Number(amount));
    }
    const until = Date.parse('1997-09-30') / 864e5;
    const { fit, figures, customers } = analyseDiscrete(ledger.transactions(), { unit: 'week', until });
    expect(fit.ok).toBe(true);
    expect(customers).toBe(2357);
    const sum = (pick: 'observed' | 'expected') =>
      figures!.frequencies.reduce((total, bar) => total + bar[pick], 0);
    expect(sum('observed')).toBe(2357);
    expect(sum('expected')).toBeCloseTo(2357, 6);
    // One purchase a day at most in the BG/NBD, one a week here: near its 0.61 expected of the year, and below it.
    expect(figures!.expected).toBeGreaterThan(1_000);
    expect(figures!.expected).toBeLessThan(2_600);
    expect(figures!.alive).toBeGreaterThan(0);
    expect(figures!.alive).toBeLessThan(1);
  });

  test('X8, X18: too few customers give a sentence and no figure', () => {
    const ledger = createLedger();
    ledger.add('one', 0, 5);
    const { fit, figures } = analyseDiscrete(ledger.transactions(), { unit: 'week', until: 70 });
    expect(fit).toMatchObject({ ok: false, code: 'E_TOO_FEW_CUSTOMERS' });
    expect(figures).toBeNull();
  });
});

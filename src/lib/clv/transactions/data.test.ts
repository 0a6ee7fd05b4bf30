import { describe, expect, test } from 'vitest';
import {
  createLedger,
  formatDay,
  parseDay,
  parseNumber,
  readTable,
  summarise,
  type SummaryOptions,
  type TableData,
  type TableOptions
} from './index.ts';

type Row = readonly [customer: string, date: string, amount?: number];

function summed(rows: readonly Row[], options: Partial<SummaryOptions<'day'>> = {}) {
  const ledger = createLedger();
  for (const [customer, date, amount] of rows) ledger.add(customer, parseDay(date) as number, amount);
  return summarise(ledger.transactions(), { unit: 'day', ...options });
}

function summaryOf(rows: readonly Row[], options: Partial<SummaryOptions<'day'>> = {}) {
  const result = summed(rows, options);
  if (!result.ok) throw new Error(result.message);
  const { summary, notes, holdout } = result;
  return {
    customers: summary.ids.map((id, k) => [id, summary.x[k], summary.tx[k], summary.T[k], summary.m[k]]),
    notes: Object.fromEntries(notes.map(({ code, count }) => [code, count])),
    holdout: [Array.from(holdout.purchaseDays), Array.from(holdout.spend)],
    spendKnown: summary.spendKnown
  };
}

const until = parseDay('2024-03-01') as number;

describe('T3: from transactions to customers', () => {
  test('rows of one day are one purchase of their sum, in any order', () => {
    const rows: Row[] = [
      ['a', '2024-01-11', 7],
      ['a', '2024-01-01', 100],
      ['a', '2024-01-31', 4],
      ['a', '2024-01-11', 3],
      ['b', '2024-02-01', 5]
    ];
    const wanted = [
      ['a', 2, 30, 60, 7],
      ['b', 0, 0, 29, 0]
    ];
    expect(summaryOf(rows, { until }).customers).toEqual(wanted);
    expect(summaryOf(rows, { until }).notes).toEqual({ N_SAME_DAY: 1 });
    const turned = summaryOf(rows.toReversed(), { until }).customers;
    expect(turned.toSorted()).toEqual(wanted);
  });
  test('the first day counts for the mean spend only when asked', () => {
    const rows: Row[] = [
      ['a', '2024-01-01', 100],
      ['a', '2024-01-11', 10]
    ];
    expect(summaryOf(rows).customers[0]![4]).toBe(10);
    expect(summaryOf(rows, { includeFirstPurchase: true }).customers[0]![4]).toBe(55);
  });
  test('returns are no purchases, gifts are', () => {
    const { customers, notes } = summaryOf(
      [
        ['a', '2024-01-01', 5],
        ['a', '2024-01-05', -5],
        ['a', '2024-01-09', 0],
        ['b', '2024-01-09', -1]
      ],
      { until }
    );
    expect(customers).toEqual([['a', 1, 8, 60, 0]]);
    expect(notes).toEqual({ N_RETURN: 2, N_NO_PURCHASE: 1 });
  });
  test('after the cut-off there is only the holdout', () => {
    const { customers, notes, holdout } = summaryOf(
      [
        ['a', '2024-02-01', 5],
        ['a', '2024-03-01', 6],
        ['a', '2024-03-02', 7],
        ['a', '2024-03-02', 8],
        ['late', '2024-03-09', 9]
      ],
      { until }
    );
    expect(customers).toEqual([['a', 1, 29, 29, 6]]);
    expect(notes).toEqual({ N_SAME_DAY: 1, N_AFTER_CUTOFF: 3, N_LATE_CUSTOMER: 1 });
    expect(holdout).toEqual([[1], [15]]);
  });
  test('without a cut-off the last purchase day is it, and it is not moved by a return', () => {
    const rows: Row[] = [
      ['a', '2024-01-01', 5],
      ['b', '2024-01-04', 5],
      ['b', '2024-02-04', -5]
    ];
    expect(summaryOf(rows).customers.map((row) => row[3])).toEqual([3, 0]);
  });
  test('nothing to sum up has a code', () => {
    expect(summed([])).toMatchObject({ ok: false, code: 'E_NO_ROWS' });
    expect(summed([['a', '2024-01-01', -5]])).toMatchObject({ ok: false, code: 'E_NO_ROWS' });
    expect(summed([['a', '2024-03-02', 5]], { until })).toMatchObject({ ok: false, code: 'E_CUTOFF' });
  });
  test('one row, one customer', () => {
    expect(summaryOf([['a', '2024-01-01', 5]]).customers).toEqual([['a', 0, 0, 0, 0]]);
  });
  test('a customer of very many unsorted rows takes no time to speak of', () => {
    const ledger = createLedger();
    for (let row = 0; row < 100_000; row++) ledger.add('a', (row * 7919) % 3001, 1);
    const result = summarise(ledger.transactions(), { unit: 'day' });
    expect(result.ok && [result.summary.x[0], result.summary.tx[0]]).toEqual([3000, 3000]);
  });
});

test('T5: ids are text; what cannot be a transaction is refused and not taken up', () => {
  const ledger = createLedger();
  expect(ledger.add('0012', 1, 1)).toBeNull();
  expect(ledger.add('12', 1, 1)).toBeNull();
  expect(ledger.add('', 1, 1)).toBe('E_CUSTOMER');
  expect(ledger.add('a', 1.5, 1)).toBe('E_DAY');
  expect(ledger.add('a', NaN, 1)).toBe('E_DAY');
  expect(ledger.add('a', 1, NaN)).toBe('E_AMOUNT');
  expect(ledger.size).toBe(2);
  expect(ledger.transactions().ids).toEqual(['0012', '12']);
});

describe('T4: fields', () => {
  test.each([
    ['1997-01-01', '1997-01-01'],
    ['19970101', '1997-01-01'],
    ['31.12.2024', '2024-12-31'],
    [' 1.2.2024 ', '2024-02-01'],
    ['2024-03-31T23:30:00Z', '2024-03-31'],
    ['2024-03-31T23:30:00-02:00', '2024-04-01'],
    ['2024-04-01 00:30+0200', '2024-03-31'],
    ['2024-04-01 00:30', '2024-04-01'],
    ['20240229 08:15:00.123', '2024-02-29']
  ])('%s is %s', (text, day) => expect(formatDay(parseDay(text) as number)).toBe(day));
  test.each(['', 'soon', '2023-02-29', '2024-13-01', '32.1.2024', '0024-01-01', '2024-01-01 25:00', '45000'])(
    '%s is no date',
    (text) => expect(parseDay(text)).toBe('E_DATE')
  );
  test('slashes need an order', () => {
    expect(parseDay('03/04/2024')).toBe('E_DATE_ORDER');
    expect(formatDay(parseDay('03/04/2024', 'dmy') as number)).toBe('2024-04-03');
    expect(formatDay(parseDay('03/04/2024 10:00', 'mdy') as number)).toBe('2024-03-04');
    expect(parseDay('13/31/2024', 'mdy')).toBe('E_DATE');
  });
  test('days across a change of clocks are whole', () => {
    expect((parseDay('2024-04-01') as number) - (parseDay('2024-03-25') as number)).toBe(7);
  });
  test.each([
    ['29.33', 'point', 29.33],
    ['-1,234.5', 'point', -1234.5],
    ['$ 12', 'point', 12],
    ['-€5.50', 'point', -5.5],
    ['12,5', 'comma', 12.5],
    ['1.234,50 €', 'comma', 1234.5],
    ['12,5', 'point', NaN],
    ['1.2.3', 'comma', NaN],
    ['', 'point', NaN],
    ['.', 'point', NaN],
    ['n/a', 'point', NaN],
    ['Infinity', 'point', NaN]
  ] as const)('%s with %s is %f', (text, decimal, wanted) => expect(parseNumber(text, decimal)).toBe(wanted));
});

describe('T4: tables', () => {
  const read = (lines: readonly (readonly string[])[], options?: TableOptions): TableData => {
    const reader = readTable(lines[0]!, options);
    if (!reader.ok) throw new Error(reader.code);
    lines.slice(1).forEach((line, k) => expect(reader.add(line, k + 2)).toBeNull());
    return reader.data();
  };
  test('transactions with other names and more columns', () => {
    const data = read([
      ['Order Date', 'Shop', 'Customer-ID', 'Total'],
      ['2024-01-01', 'x', '007', '3.5']
    ]);
    expect(data).toMatchObject({ kind: 'transactions', transactions: { ids: ['007'], spendKnown: true } });
  });
  test('transactions without amounts', () => {
    const data = read([
      ['id', 'date'],
      ['7', '20240101']
    ]);
    expect(data).toMatchObject({ kind: 'transactions', transactions: { spendKnown: false } });
  });
  test('summary, patterns and survivors', () => {
    expect(
      read([
        ['ID', 'x', 't_x', 'T', 'zbar'],
        ['1', '2', '30.43', '38.86', '22.35'],
        ['2', '0', '0', '38.86', '']
      ])
    ).toMatchObject({ kind: 'summary', summary: { ids: ['1', '2'], m: Float64Array.of(22.35, 0) } });
    expect(
      read([
        ['frequency', 'recency', 'periods', 'weights'],
        ['1', '2', '6', '10']
      ])
    ).toEqual({ kind: 'discrete', rows: [{ x: 1, tx: 2, n: 6, weight: 10 }] });
    expect(read([['survivors'], ['100'], ['80']])).toEqual({ kind: 'cohort', survivors: [100, 80] });
  });
  test.each([
    ['E_FIELDS', ['id', 'date', 'amount'], ['1', '2024-01-01']],
    ['E_CUSTOMER', ['id', 'date', 'amount'], [' ', '2024-01-01', '1']],
    ['E_DATE', ['id', 'date', 'amount'], ['1', 'yesterday', '1']],
    ['E_DATE_ORDER', ['id', 'date', 'amount'], ['1', '1/2/2024', '1']],
    ['E_AMOUNT', ['id', 'date', 'amount'], ['1', '2024-01-01', 'much']],
    ['E_NUMBER', ['x', 't_x', 'T'], ['1', 'a', '5']],
    ['E_ROW', ['x', 't_x', 'T'], ['1', '6', '5']],
    ['E_ROW', ['x', 't_x', 'T'], ['0', '2', '5']],
    ['E_ROW', ['x', 't_x', 'T'], ['1.5', '2', '5']],
    ['E_ROW', ['x', 't_x', 'n'], ['3', '2', '6']],
    ['E_FIELDS', ['x', 't_x', 'n'], ['3']]
  ])('%s names the line', (code, header, fields) => {
    const reader = readTable(header);
    expect(reader.ok && reader.add(fields, 17)).toMatchObject({ ok: false, code, line: 17 });
  });
  test('survivors never rise', () => {
    const reader = readTable(['survivors']);
    expect(reader.ok && [reader.add(['5'], 2), reader.add(['6'], 3)]).toMatchObject([
      null,
      { code: 'E_ROW' }
    ]);
  });
  test('a header that says nothing', () => {
    expect(readTable(['a', 'b'])).toMatchObject({ ok: false, code: 'E_COLUMNS', line: 1 });
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatDay, parseDay, summarise } from '#lib/clv/transactions/index.ts';
import { analyse, type AnalysisOptions } from './analyse.ts';
import { createImport, type Imported } from './import.ts';
import { openQuestions, type ColumnMapping } from './mapping.ts';
import { createRecordReader, readOpening, type Opening } from './records.ts';

const CDNOW = readFileSync(
  new URL('../../../../tests/oracles/data/cdnow_sample_transactions.csv', import.meta.url),
  'utf8'
);

function opened(text: string): Opening {
  const opening = readOpening(text.slice(0, 65_536));
  if (opening === null) throw new Error('nothing to read');
  return opening;
}

/** The whole import path over a text, in pieces of a size that cuts records anywhere. */
function imported(text: string, changes: Partial<ColumnMapping> = {}, piece = 1013): Imported {
  const mapping = { ...opened(text).mapping, ...changes };
  const rows = createImport(mapping);
  let header = mapping.layout.named;
  const reader = createRecordReader(mapping.layout, (fields, line) => {
    if (header) header = false;
    else rows.add(fields, line);
  });
  for (let from = 0; from < text.length; from += piece)
    expect(reader.push(text.slice(from, from + piece))).toBe(true);
  expect(reader.end()).toBe(true);
  return rows.done();
}

/** Rows as they were understood: customer, day, amount. */
const understood = ({ transactions: { ids, customer, day, amount } }: Imported) =>
  Array.from(day, (each, row) => [ids[customer[row]!], formatDay(each), amount[row]]);

const COMPARED: AnalysisOptions = {
  model: 'bg-nbd',
  unit: 'week',
  until: parseDay('1997-09-30') as number,
  horizonDays: 364,
  annualRate: 0.1
};

function analysed(from: Imported, options: Partial<AnalysisOptions> = {}) {
  const result = analyse(from, { ...COMPARED, ...options });
  if (!result.ok) throw new Error(result.message);
  return result.analysis;
}

const lines = CDNOW.trim().split('\n');
const rowsOfCdnow = lines.slice(1).map((line) => line.split(',') as [string, string, string, string]);
const plain = imported(CDNOW);

describe('CDNOW through the import', () => {
  test('X5: rows 1 to 9: counts, parameters, log-likelihood, standard errors', () => {
    const { customers, repeatCustomers, repeatPurchases, fit, notes, report } = analysed(plain);
    expect([customers, customers - repeatCustomers, repeatPurchases]).toEqual([2357, 1411, 2457]);
    if (!fit.ok) throw new Error(fit.message);
    expect(fit.parameters.r).toBeCloseTo(0.242594, 3);
    expect(Math.abs(fit.parameters.alpha! - 4.413602)).toBeLessThan(0.01);
    expect(Math.abs(fit.parameters.a! - 0.792922)).toBeLessThan(0.005);
    expect(Math.abs(fit.parameters.b! - 2.425908)).toBeLessThan(0.02);
    expect(fit.logLikelihood).toBeCloseTo(-9582.42921, 3);
    const errors = [0.012557, 0.378221, 0.185719, 0.705345];
    Object.values(fit.standardErrors).forEach((error, k) =>
      expect(Math.abs(error / errors[k]! - 1)).toBeLessThan(2e-3)
    );
    expect(Object.fromEntries(notes.map(({ code, count }) => [code, count]))).toEqual({
      N_SAME_DAY: 223,
      N_AFTER_CUTOFF: 1959
    });
    expect(report).toMatchObject({ rows: 6919, taken: 6919, zeroAmounts: 8, refused: [] });
  });

  test('X7: rows 19, 37: the holdout and the spend', () => {
    const { figures, spend } = analysed(plain);
    expect(figures?.holdout?.ahead).toBe(39);
    expect(figures?.holdout?.expected).toBeCloseTo(1653.41, 0);
    expect(figures?.holdout?.observed).toBe(1882);
    expect(figures?.holdout?.withoutDropout).toBeGreaterThan(2000);
    if (!spend.ok) throw new Error(spend.message);
    expect(spend.parameters.p).toBeCloseTo(6.24957, 2);
    expect(spend.parameters.q).toBeCloseTo(3.74423, 2);
    expect(spend.parameters.v).toBeCloseTo(15.44352, 1);
  });

  test('X7: what is looked at adds up', () => {
    const { figures } = analysed(plain);
    if (figures === null) throw new Error('no figures');
    const last = figures.tracking.at(-1)!;
    expect(last.observed).toBe(2457 + 1882);
    expect(last.at).toBeCloseTo(545 / 7, 9);
    expect(figures.holdoutAt).toBeCloseTo(272 / 7, 9);
    const atCutoff = figures.tracking.find(({ at }) => Math.abs(at - 39) < 0.2)!;
    expect(atCutoff.expected / atCutoff.observed).toBeCloseTo(1, 1);
    expect(figures.frequencies.reduce((sum, { observed }) => sum + observed, 0)).toBe(2357);
    expect(figures.frequencies.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(2357, 3);
    expect(figures.frequencies[0]).toMatchObject({ observed: 1411 });
    expect(figures.segments.reduce((sum, { customers }) => sum + customers, 0)).toBe(2357);
    for (const { alive } of figures.alive.rows)
      for (const chance of alive) if (chance !== null) expect(chance >= 0 && chance <= 1).toBe(true);
    const { nextYear } = figures;
    expect(nextYear!.low < nextYear!.expected && nextYear!.expected < nextYear!.high).toBe(true);
  });
});

describe('quarters of first purchases', () => {
  test('X12: CDNOW is one quarter, with the figures of all; a small quarter has a sentence and no figure', () => {
    const { quarters, fit, spend } = analysed(plain);
    expect(quarters).toHaveLength(1);
    const [first] = quarters;
    expect(first).toMatchObject({ quarter: '1997-Q1', customers: 2357 });
    expect(fit.ok && first!.fit.ok && first!.fit.parameters).toEqual(fit.ok && fit.parameters);
    expect(first!.spend).toMatchObject({ ok: spend.ok });
    // Row 12 of the published numbers has 1.444004 repeat purchases in 52 weeks; a year is a day longer.
    expect(first!.newcomer!.ordersInYear).toBeCloseTo(2.447, 2);
    expect(first!.newcomer!.revenue).toBeGreaterThan(first!.newcomer!.meanSpend!);
    const late = imported(`${CDNOW.trim()}\n9999,1997-08-01,1,5.00\n`);
    expect(analysed(late).quarters.at(-1)).toMatchObject({
      quarter: '1997-Q3',
      customers: 1,
      fit: { ok: false, code: 'E_TOO_FEW_CUSTOMERS' },
      newcomer: null
    });
  });
});

describe('import traps', () => {
  const same = (text: string, changes?: Partial<ColumnMapping>) =>
    expect(understood(imported(text, changes))).toEqual(understood(plain));

  test('X1: CRLF', () => same(CDNOW.replaceAll('\n', '\r\n')));
  test('X1: carriage returns alone', () => same(CDNOW.replaceAll('\n', '\r')));
  test('X1: fixed width', () =>
    same(
      rowsOfCdnow
        .map(
          ([id, date, units, amount]) =>
            ` ${id} ${date.replaceAll('-', '')} ${units.padStart(2)} ${amount.padStart(7)}`
        )
        .join('\n')
    ));
  test('X1, X2: the CDNOW file as it is published: fixed width, two ids, no header', () => {
    const published = rowsOfCdnow.map(
      ([id, date, units, amount]) =>
        ` ${String(Number(id) * 7).padStart(5, '0')} ${id} ${date.replaceAll('-', '')} ${units.padStart(2)} ${amount.padStart(7)}`
    );
    expect(published[0]).toMatch(/^ \d{5} \d{4} \d{8} {2}\d {2} \d\d\.\d\d$/);
    const text = `${published.join('\r\n')}\r\n`;
    expect(opened(text).mapping).toMatchObject({ customer: 0, date: 2, amount: 4, units: null });
    const { fit, customers } = analysed(imported(text));
    expect(customers).toBe(2357);
    expect(fit).toMatchObject({ ok: true, logLikelihood: expect.closeTo(-9582.42921, 3) as number });
  });
  test('X1, X6: quoted fields, with the separator, quotes and line ends inside', () => {
    same(
      lines
        .map((line) =>
          line
            .split(',')
            .map((field) => `"${field}"`)
            .join(',')
        )
        .join('\n')
    );
    const text = 'customer,date,amount\n"Smith, ""Al""\nLtd",2024-01-01,"1,234.5"\nx,2024-13-01,1\n';
    const from = imported(text, {}, 7);
    expect(understood(from)).toEqual([['Smith, "Al"\nLtd', '2024-01-01', 1234.5]]);
    expect(from.report.refused[0]).toMatchObject({ code: 'E_DATE', count: 1, first: [{ line: 4 }] });
  });
  test('X1: byte order mark', () => same(`\uFEFF${CDNOW}`));
  test('X1, X3: semicolons with decimal commas', () => {
    const text = lines.map((line) => line.replaceAll(',', ';').replaceAll('.', ',')).join('\n');
    expect(opened(text).mapping.decimal).toBe('comma');
    same(text);
  });
  test('X1, X3: semicolons with decimal points', () => same(CDNOW.replaceAll(',', ';')));
  test('X1: tabs', () => same(CDNOW.replaceAll(',', '\t')));
  test('X3: YYYYMMDD', () => same(CDNOW.replace(/(\d{4})-(\d\d)-(\d\d)/g, '$1$2$3')));
  test('X3: DD.MM.YYYY', () => same(CDNOW.replace(/(\d{4})-(\d\d)-(\d\d)/g, '$3.$2.$1')));
  test('X5: ISO with a time zone: the day is that of UTC', () => {
    same(CDNOW.replace(/(\d{4}-\d\d-\d\d)/g, '$1T23:30:00Z'));
    const text = 'customer,date\na,2024-03-31T23:30:00-02:00\na,2024-04-01T00:30+02:00\n';
    expect(understood(imported(text)).map(([, day]) => day)).toEqual(['2024-04-01', '2024-03-31']);
  });
  test('X3: MM/DD/YYYY is told by a day above 12', () => {
    const text = CDNOW.replace(/(\d{4})-(\d\d)-(\d\d)/g, '$2/$3/$1');
    expect(opened(text).dates).toBe('mdy');
    same(text);
  });
  test('X2, X3: dates with slashes that do not tell must be asked for, and are refused until then', () => {
    const text = 'customer,date,amount\na,03/04/2024,1\nb,05/06/2024,2\n';
    const { dates, mapping } = opened(text);
    expect(dates).toBe('ask');
    expect(openQuestions(mapping, dates)).toHaveLength(1);
    expect(imported(text).report.refused).toMatchObject([{ code: 'E_DATE_ORDER', count: 2 }]);
    expect(openQuestions({ ...mapping, dateOrder: 'dmy' }, dates)).toEqual([]);
    expect(understood(imported(text, { dateOrder: 'dmy' }))[0]).toEqual(['a', '2024-04-03', 1]);
  });
  test('X5: leading zeros of customers are kept', () => {
    const { transactions } = imported('id,date\n007,2024-01-01\n7,2024-01-01\n');
    expect(transactions.ids).toEqual(['007', '7']);
  });
  test('X5: purchases of one customer on one day are one, and counted', () => {
    const { notes, repeatPurchases } = analysed(
      imported('id,date,amount\na,2024-01-01,1\na,2024-01-01,2\na,2024-01-09,3\n'),
      { until: parseDay('2024-02-01') as number }
    );
    expect(notes).toMatchObject([{ code: 'N_SAME_DAY', count: 1 }]);
    expect(repeatPurchases).toBe(1);
  });
  test('X5: an amount of zero is a purchase, a negative one a return; both are counted', () => {
    const from = imported('id,date,amount\na,2024-01-01,5\na,2024-01-05,0\na,2024-01-07,-5\n');
    expect(from.report.zeroAmounts).toBe(1);
    const result = analysed(from, { until: parseDay('2024-02-01') as number });
    expect(result.notes).toMatchObject([{ code: 'N_RETURN', count: 1 }]);
    expect(result.repeatPurchases).toBe(1);
  });
  test('X5, X7: rows after the cut-off count for the holdout, customers who came after it are left out', () => {
    const { notes, customers } = analysed(imported('id,date\na,2024-01-01\na,2024-03-01\nb,2024-03-05\n'), {
      until: parseDay('2024-02-01') as number
    });
    expect(customers).toBe(1);
    expect(notes.map(({ code }) => code)).toEqual(['N_AFTER_CUTOFF', 'N_LATE_CUSTOMER']);
  });
  test('X8: one customer only, and one row only: a sentence and no figure', () => {
    for (const text of [
      'id,date,amount\na,2024-01-01,1\na,2024-01-08,1\n',
      'id,date,amount\na,2024-01-01,1'
    ]) {
      const { fit, figures } = analysed(imported(text), { until: null });
      expect(fit).toMatchObject({ ok: false, code: 'E_TOO_FEW_CUSTOMERS' });
      expect(figures).toBeNull();
    }
  });
  test('X4: no line end at the end, and empty lines at it', () => {
    same(CDNOW.trim());
    same(`${CDNOW}\n\n,,,\n`);
    expect(imported(`${CDNOW}\n,,,\n`).report.blank).toBe(2);
  });
  test('X5: unsorted rows', () => {
    const turned = imported([lines[0], ...lines.slice(1).reverse()].join('\n'));
    const [a, b] = [plain, turned].map((each) => summarise(each.transactions, { unit: 'week' }));
    if (!a?.ok || !b?.ok) throw new Error('not summed');
    expect(b.summary.x.toSorted()).toEqual(a.summary.x.toSorted());
    const { fit } = analysed(turned);
    expect(fit.ok && fit.logLikelihood).toBeCloseTo(-9582.42921, 5);
  });
  test('X4: lines that cannot be read are refused by code, with their numbers', () => {
    const { report } = imported(
      'id,date,amount\n,2024-01-01,1\na,soon,1\na,2024-01-01,much\na\na,2024-01-02,3\n'
    );
    expect(report.refused.map(({ code, first }) => [code, first[0]?.line])).toEqual([
      ['E_CUSTOMER', 2],
      ['E_DATE', 3],
      ['E_AMOUNT', 4],
      ['E_FIELDS', 5]
    ]);
    expect([report.rows, report.taken]).toEqual([5, 1]);
  });
  test('X4: a quotation mark that is never closed stops the import', () => {
    const { mapping } = opened('id,date\na,2024-01-01\n');
    const reader = createRecordReader(mapping.layout, () => undefined);
    expect(reader.push('id,date\na,2024-01-01\n"b,2024-01-01\n')).toBe(true);
    expect(reader.end()).toBe(false);
    expect(reader.line).toBe(3);
  });
  test('X1: an empty file', () => {
    expect(readOpening('')).toBeNull();
    expect(readOpening('\uFEFF\n\n')).toBeNull();
  });
});

describe('guesses', () => {
  test.each([
    ['customer_id,date,units,amount\n1,2024-01-01,2,3.5\n', { customer: 0, date: 1, amount: 3, units: null }],
    [
      'Order,Order Date,E-Mail,Qty,Unit price\n9,2024-01-01,a@b,2,3.5\n',
      { customer: 2, date: 1, amount: 4, units: 3 }
    ],
    ['Kunde;Datum;Betrag\nx;1.2.2024;3,50\n', { customer: 0, date: 1, amount: 2, decimal: 'comma' }],
    ['00004 00001 19970101  1  29.33\n00004 00001 19970118  1  29.73\n', { customer: 0, date: 2, amount: 4 }],
    ['user,timestamp\nx,2024-01-01 10:00\n', { customer: 0, date: 1, amount: null }]
  ])('%j', (text, wanted) => expect(opened(text).mapping).toMatchObject(wanted));

  test('X3: a price is multiplied by the units', () => {
    const from = imported('customer,date,qty,unit price\na,2024-01-01,3,2.5\nb,2024-01-01,x,1\n');
    expect(understood(from)).toEqual([['a', '2024-01-01', 7.5]]);
    expect(from.report.refused).toMatchObject([{ code: 'E_UNITS', count: 1 }]);
  });
});

describe('X5: amounts of two currencies are never added up', () => {
  test.each([
    ['Kunde;Datum;Betrag;Währung\na;1.2.2024;3,50;EUR\na;2.2.2024;4,00;USD\na;3.2.2024;5,00;\n', 3],
    ['id,date,paid in,amount\na,2024-02-01,EUR,3.5\na,2024-02-02,USD,4\na,2024-02-03,EUR,5\n', 2],
    ['id,date,amount\na,2024-02-01,€3.5\na,2024-02-02,4 $\na,2024-02-03,5\n', null]
  ])('%j', (text, currency) => {
    expect(opened(text).mapping.currency).toBe(currency);
    const from = imported(text);
    expect(understood(from).map(([, , amount]) => amount)).toEqual([3.5, 5]);
    expect(from.report).toMatchObject({ rows: 3, taken: 2 });
    expect(from.report.refused).toMatchObject([{ code: 'E_CURRENCY_MIX', count: 1, first: [{ line: 3 }] }]);
  });

  test('without an amount nothing is refused for its currency', () => {
    const from = imported('id,date,amount,currency\na,2024-02-01,1,EUR\na,2024-02-02,2,USD\n', {
      amount: null
    });
    expect(from.report).toMatchObject({ rows: 2, taken: 2, refused: [] });
  });
});

test('X8: spend that goes with frequency gives a sentence and no figure', () => {
  const text = ['id,date,amount'];
  for (let id = 0; id < 400; id++)
    for (let visit = 0; visit <= id % 7; visit++)
      text.push(
        `c${id},${formatDay(19_000 + (id % 90) + visit * (9 + (id % 5)))},${(id % 7) * 10 + 5 + visit}`
      );
  const { spend } = analysed(imported(text.join('\n')), { until: null });
  expect(spend).toMatchObject({ ok: false, code: 'E_SPEND_DEPENDS' });
});

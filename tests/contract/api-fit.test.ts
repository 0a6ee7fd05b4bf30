import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bgNbdCustomers } from '../oracles/generated-customers.ts';
import { addToken, removeData, startProgram, temporaryData, type Program } from '../support/program.ts';

const data = (name: string) => readFileSync(new URL(`../oracles/data/${name}`, import.meta.url), 'utf8');
const CDNOW = data('cdnow_sample_transactions.csv');
const SUMMARY = data('cdnow_customers_summary_with_spend.csv')
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => {
    const [, x, t_x, T, m] = line.split(',').map(Number);
    return { x, t_x, T, m };
  });

let program: Program;
let dataDir: string;
let ann: string;

beforeAll(async () => {
  dataDir = temporaryData();
  program = await startProgram(dataDir);
  ann = addToken(dataDir, 'ann@example.org');
}, 60_000);

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

async function fit(
  body: unknown,
  {
    query = '',
    type = 'application/json',
    token = ann
  }: { query?: string; type?: string; token?: string } = {}
): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  const response = await fetch(`${program.url}/api/v1/clv/fit${query}`, {
    method: 'POST',
    headers: { 'content-type': type, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body)
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (await response.json()) as Record<string, unknown>
  };
}

const close = (value: number, digits: number) => expect.closeTo(value, digits) as number;

describe('POST /api/v1/clv/fit', () => {
  test('CDNOW as CSV: parameters, log-likelihood, standard errors, checks, what was merged', async () => {
    const { status, body } = await fit(CDNOW, { type: 'text/csv', query: '?model=bg-nbd&until=1997-09-30' });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      model: 'bg-nbd',
      unit: 'week',
      until: '1997-09-30',
      customers: 2357,
      parameters: { r: close(0.2426, 3), alpha: close(4.4136, 2), a: close(0.7929, 2), b: close(2.4259, 1) },
      logLikelihood: close(-9582.42921, 3),
      standardErrors: { r: close(0.01256, 4) },
      notes: [
        { code: 'N_SAME_DAY', count: 223 },
        { code: 'N_AFTER_CUTOFF', count: 1959 }
      ]
    });
    expect((body.checks as { passed: boolean }[]).every(({ passed }) => passed)).toBe(true);
  });

  test('CDNOW as it is published, without a header, and by quarters of first purchases', async () => {
    const published = CDNOW.trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [id, date, units, amount] = line.split(',') as [string, string, string, string];
        return ` ${id.padStart(5, '0')} ${id} ${date.replaceAll('-', '')} ${units.padStart(2)} ${amount.padStart(7)}`;
      });
    const query = '?model=bg-nbd&until=1997-09-30&cohorts=quarter';
    const { status, body } = await fit(published.join('\r\n'), { type: 'text/plain', query });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      customers: 2357,
      logLikelihood: close(-9582.42921, 3),
      cohorts: [{ quarter: '1997-Q1', customers: 2357, fit: { ok: true } }]
    });
    const wrong = await fit(CDNOW, { type: 'text/csv', query: '?model=nbd&cohorts=decade' });
    expect(wrong.body.errors).toMatchObject([{ path: '?cohorts', code: 'E_ENUM' }]);
  });

  test('CDNOW as a summary: purchases and spend', async () => {
    const purchases = await fit({ model: 'bg-nbd', summary: SUMMARY });
    expect(purchases.body).toMatchObject({ customers: 2357, logLikelihood: close(-9582.42556, 3) });
    const spend = await fit({ model: 'gamma-gamma', summary: SUMMARY });
    expect(spend.body).toMatchObject({ customers: 946, logLikelihood: close(-4055.92, 1) });
  });

  test('CDNOW as transactions in JSON', async () => {
    const transactions = CDNOW.trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [customer, date, , amount] = line.split(',');
        return { customer, date, amount: Number(amount) };
      });
    const { body } = await fit({ model: 'pareto-nbd', until: '1997-09-30', transactions });
    expect(body).toMatchObject({ customers: 2357, logLikelihood: close(-9594.97618, 2) });
  });

  test('discrete patterns and survivors', async () => {
    const donations = data('donations_bgbb.csv');
    const fromCsv = await fit(donations, { type: 'text/csv', query: '?model=bg-bb' });
    expect(fromCsv.body).toMatchObject({ logLikelihood: close(-33225.58, 1) });
    const summary = donations
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => {
        const [x, t_x, n, weight] = line.split(',').map(Number);
        return { x, t_x, n, weight };
      });
    expect((await fit({ model: 'bg-bb', summary })).body.parameters).toEqual(fromCsv.body.parameters);
    const survivors = [1000, 869, 743, 653, 593, 551, 517, 491];
    expect((await fit({ model: 'sbg', survivors })).body).toMatchObject({
      parameters: { alpha: close(0.668, 2), beta: close(3.806, 1) }
    });
  });

  test.each([
    ['no model', { summary: [] }, ['/model', 'E_MISSING']],
    ['another model', { model: 'oracle', summary: [] }, ['/model', 'E_ENUM']],
    ['no table', { model: 'nbd' }, ['', 'E_MISSING']],
    ['two tables', { model: 'nbd', summary: [], survivors: [] }, ['', 'E_MISSING']],
    ['a field from elsewhere', { model: 'nbd', summary: [], seed: 1 }, ['/seed', 'E_UNKNOWN_FIELD']],
    ['a wrong unit', { model: 'nbd', unit: 'fortnight', summary: [] }, ['/unit', 'E_ENUM']],
    ['a row that cannot be', { model: 'nbd', summary: [{ x: 1, t_x: 9, T: 5 }] }, ['/summary/0', 'E_ROW']],
    [
      'text for a number',
      { model: 'nbd', summary: [{ x: 1, t_x: '2', T: 5 }] },
      ['/summary/0/t_x', 'E_NUMBER']
    ],
    ['a row without T', { model: 'nbd', summary: [{ x: 1, t_x: 2 }] }, ['/summary/0/T', 'E_MISSING']],
    [
      'a date that is none',
      { model: 'nbd', transactions: [{ customer: 'a', date: '2024-02-30' }] },
      ['/transactions/0/date', 'E_DATE']
    ],
    ['too few customers', { model: 'nbd', summary: [{ x: 1, t_x: 2, T: 5 }] }, ['', 'E_TOO_FEW_CUSTOMERS']],
    ['survivors that rise', { model: 'sbg', survivors: [1, 2] }, ['/survivors/1', 'E_ROW']]
  ])('%s is refused by path and code', async (_, body, [path, code]) => {
    const answer = await fit(body);
    expect([answer.status, answer.type]).toEqual([422, 'application/problem+json']);
    expect(answer.body.errors).toMatchObject([{ path, code }]);
  });

  test('bad lines of a CSV are refused by their numbers', async () => {
    const query = '?model=nbd';
    const bad = await fit('id,date\n1,2024-01-01\n2,soon\n\n,2024-01-03\n', { type: 'text/csv', query });
    expect(bad.status).toBe(422);
    expect(bad.body.errors).toMatchObject([
      { path: 'line/3', code: 'E_DATE' },
      { path: 'line/5', code: 'E_CUSTOMER' }
    ]);
    const slashes = await fit('id,date\n1,01/02/2024\n', { type: 'text/csv', query });
    expect(slashes.body.errors).toMatchObject([{ path: 'line/2', code: 'E_DATE_ORDER' }]);
    const open = await fit('id,date\n1,2024-01-01\n"2,2024-01-01\n', { type: 'text/csv', query });
    expect(open.body.errors).toMatchObject([{ path: 'line/3', code: 'E_QUOTES' }]);
  });

  test('without a token, as another type, as broken JSON, too large', async () => {
    expect((await fit({}, { token: '' })).status).toBe(401);
    expect((await fit('<x/>', { type: 'application/xml' })).status).toBe(415);
    const broken = await fit('{');
    expect([broken.status, broken.body.errors]).toMatchObject([400, [{ code: 'E_JSON' }]]);
    const large = await fit('x'.repeat(10 * 1024 * 1024 + 1), { type: 'text/csv' });
    expect(large.status).toBe(413);
  });

  test('a body that comes in pieces is read as it comes; one without end is refused at 10 MB', async () => {
    const send = (pieces: AsyncIterable<Uint8Array>, query: string) =>
      fetch(`${program.url}/api/v1/clv/fit${query}`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv', authorization: `Bearer ${ann}` },
        body: pieces as unknown as BodyInit,
        duplex: 'half'
      } as RequestInit);
    async function* inPieces() {
      for (let from = 0; from < CDNOW.length; from += 7919)
        yield await Promise.resolve(Buffer.from(CDNOW.slice(from, from + 7919)));
    }
    const fitted = await send(inPieces(), '?model=nbd&until=1997-09-30');
    expect(await fitted.json()).toMatchObject({ customers: 2357 });
    let sent = 0;
    // Bounded, and with room for the answer between the pieces: a server that is slow to refuse must not fill the memory.
    async function* tooMuch() {
      yield Buffer.from('id,date,amount\n');
      for (; sent < 256; sent++) {
        await new Promise((resolve) => setImmediate(resolve));
        yield Buffer.alloc(256 * 1024, '1,1997-01-01,5\n');
      }
    }
    expect((await send(tooMuch(), '?model=nbd')).status).toBe(413);
    // Refused at the limit, and not at the end.
    expect(sent).toBeLessThan(256);
  });

  test('while a large table is fitted, others are answered', async () => {
    const { x, tx, T } = bgNbdCustomers(
      60_000,
      { model: 'bg-nbd', unit: 'week', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
      { seed: 7 }
    );
    const rows = Array.from(x, (purchases, k) => `${purchases},${tx[k]},${T[k]}`);
    let done = false;
    const fitted = fit(['x,t_x,T', ...rows].join('\n'), {
      type: 'text/csv',
      query: '?model=pareto-nbd'
    }).finally(() => (done = true));
    let answered = 0;
    let longest = 0;
    while (!done) {
      const asked = performance.now();
      expect((await fetch(`${program.url}/livez`)).status).toBe(200);
      longest = Math.max(longest, performance.now() - asked);
      if (!done) answered += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const result = await fitted;
    expect(result.status, JSON.stringify(result.body)).toBe(200);
    console.log(`${answered} answers during the fit, the slowest after ${longest.toFixed(0)} ms`);
    expect(answered).toBeGreaterThan(5);
  }, 60_000);
});

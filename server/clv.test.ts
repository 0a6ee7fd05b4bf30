import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('clv.ts', import.meta.url));
const data = (name: string) => fileURLToPath(new URL(`../tests/oracles/data/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'meander-clv-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fit(file: string, ...options: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'fit', file, ...options], {
    encoding: 'utf8'
  });
  return { status, stdout, stderr };
}

function written(text: string): string {
  const file = join(folder, `${text.length}.csv`);
  writeFileSync(file, text);
  return file;
}

describe('npm run clv -- fit', () => {
  test('prints a fit to transactions as JSON', () => {
    const options = ['--model', 'bg-nbd', '--until', '1997-09-30', '--unit', 'week'];
    const { status, stdout, stderr } = fit(data('cdnow_sample_transactions.csv'), ...options);
    expect([status, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      ok: true,
      model: 'bg-nbd',
      unit: 'week',
      until: '1997-09-30',
      customers: 2357,
      logLikelihood: expect.closeTo(-9582.42921, 3) as number,
      parameters: { r: expect.closeTo(0.2426, 3) as number }
    });
  });
  test('reads a summary with CRLF and no line end at its end', () => {
    const { stdout } = fit(data('cdnow_customers_summary_with_spend.csv'), '--model', 'gamma-gamma');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, customers: 946 });
  });
  test('reads it with a byte order mark, quotes, semicolons, decimal commas, dotted dates, CRLF, unsorted', () => {
    const [, ...rows] = readFileSync(data('cdnow_sample_transactions.csv'), 'utf8').trim().split('\n');
    const foreign = rows.reverse().map((row) => {
      const [id, date, units, amount] = row.split(',');
      return `"${id}";${date!.split('-').reverse().join('.')};${units};"${amount!.replace('.', ',')}"`;
    });
    const file = written(`\uFEFFKunde (id);customer;date;units;amount\r\n"";${foreign.join('\r\n"";')}`);
    const { stdout } = fit(file, '--model', 'bg-nbd', '--until', '30.09.1997');
    expect(JSON.parse(stdout)).toMatchObject({
      customers: 2357,
      logLikelihood: expect.closeTo(-9582.42921, 3) as number,
      notes: [
        { code: 'N_SAME_DAY', count: 223 },
        { code: 'N_AFTER_CUTOFF', count: 1959 }
      ]
    });
  });
  test('reads CDNOW as it is published, in columns of fixed width, and fits its quarters', () => {
    const [, ...rows] = readFileSync(data('cdnow_sample_transactions.csv'), 'utf8').trim().split('\n');
    const published = rows.map((row) => {
      const [id, date, units, amount] = row.split(',');
      return ` ${id!.padStart(5, '0')} ${id} ${date!.replaceAll('-', '')} ${units!.padStart(2)} ${amount!.padStart(7)}`;
    });
    const options = ['--model', 'bg-nbd', '--until', '1997-09-30', '--cohorts', 'quarter'];
    const { stdout, stderr } = fit(written(`${published.join('\n')}\n`), ...options);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      customers: 2357,
      logLikelihood: expect.closeTo(-9582.42921, 3) as number,
      cohorts: [{ quarter: '1997-Q1', customers: 2357, fit: { ok: true } }]
    });
  });
  test.each([
    ['E_DATE, line 4: ', 'id,date,amount\n"a\nb",2024-01-01,1\n1,2024-02-30,1\n'],
    ['E_AMOUNT, line 3: ', 'id,date,amount\n\n1,2024-02-03,much\n'],
    ['E_COLUMNS, line 1: ', 'name,when\n1,2\n'],
    ['E_EMPTY', ''],
    ['E_NO_ROWS', 'id,date,amount\n'],
    ['E_QUOTES, line 2', 'id,date,amount\n1,"2024-01-01,5\n'],
    ['E_TOO_FEW_CUSTOMERS', 'id,date,amount\n1,2024-01-01,5\n']
  ])('%s is one sentence and a code', (code, text) => {
    const { status, stdout, stderr } = fit(written(text), '--model', 'bg-nbd');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.startsWith(code), stderr).toBe(true);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
  test('a file that is not there, an option that is none', () => {
    expect(fit(join(folder, 'none.csv'), '--model', 'nbd')).toMatchObject({ status: 1 });
    expect(fit(data('donations_bgbb.csv'), '--model', 'lucky').stderr).toMatch(/^E_OPTION: --model/);
    expect(fit(data('donations_bgbb.csv')).stderr).toMatch(/^Usage/);
  });
});

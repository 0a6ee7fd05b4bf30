import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { createImportJob, type ImportAnswer } from './import-job.ts';

const CDNOW = readFileSync(
  new URL('../../../../tests/oracles/data/cdnow_sample_transactions.csv', import.meta.url)
);

afterEach(() => vi.unstubAllGlobals());

/** The last answer to opening and analysing a file. */
async function analysed(file: File): Promise<ImportAnswer> {
  const answers: ImportAnswer[] = [];
  const run = createImportJob((answer) => answers.push(answer));
  await run({ kind: 'open', id: 1, file });
  const opened = answers.at(-1);
  if (opened?.kind !== 'opened') throw new Error('not opened');
  const { mapping } = opened.opening;
  await run({
    kind: 'analyse',
    id: 2,
    file,
    mapping,
    options: { model: 'nbd', unit: 'week', until: null, horizonDays: 364, annualRate: 0.1 }
  });
  return answers.at(-1)!;
}

test('a file of several pieces has its SHA-256 where the page is not served securely, too', async () => {
  vi.stubGlobal('crypto', { subtle: undefined });
  const header = CDNOW.subarray(0, CDNOW.indexOf('\n') + 1);
  const rows = CDNOW.subarray(header.length);
  const bytes = Buffer.concat([header, ...Array.from({ length: 8 }, () => rows)]);
  expect(bytes.length).toBeGreaterThan(1024 * 1024);
  expect(await analysed(new File([bytes], 'shop.csv'))).toMatchObject({
    kind: 'analysed',
    file: { name: 'shop.csv', sha256: createHash('sha256').update(bytes).digest('hex'), rows: 8 * 6919 }
  });
});

/**
 * Processor times of fits: CDNOW and generated customers, all rows and compressed ones, and the expected purchases of a million
 * customers, beside the goals. Run with `node tests/bench/fits.ts`. Prints, asserts nothing.
 */
import { readFileSync } from 'node:fs';
import {
  bgNbdExpectedPurchases,
  compress,
  createLedger,
  duration,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitNbd,
  fitParetoNbd,
  perCustomer,
  summarise,
  uncompressed,
  type BgNbdParameters,
  type PurchaseRows,
  type Summary
} from '../../src/lib/clv/transactions/index.ts';
import { bgNbdCustomers, seededUniform } from '../oracles/generated-customers.ts';

const SEED = 20_250_101;
const TRUTH: BgNbdParameters<'week'> = {
  model: 'bg-nbd',
  unit: 'week',
  r: 0.243,
  alpha: 4.414,
  a: 0.793,
  b: 2.426
};

/** Processor time, so that other work on the machine does not count. */
function timed<T>(run: () => T): { result: T; ms: number } {
  const start = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(start);
  return { result, ms: (user + system) / 1000 };
}

function report(job: string, ms: number, goal: string, note = ''): void {
  console.log(`${job.padEnd(52)} ${ms.toFixed(1).padStart(9)} ms   goal ${goal.padEnd(14)} ${note}`);
}

const noteOf = (fit: { ok: boolean; evaluations?: number; code?: string }) =>
  fit.ok ? `${fit.evaluations} evaluations` : fit.code;

/** Cold, then the best of five. */
function coldAndWarm(
  job: string,
  goal: string,
  run: () => { ok: boolean; evaluations?: number; code?: string }
) {
  const cold = timed(run);
  const warm = Math.min(...Array.from({ length: 5 }, () => timed(run).ms));
  report(job, cold.ms, goal, `warm ${warm.toFixed(1)} ms, ${noteOf(cold.result)}`);
}

function cdnow(): Summary<'week'> {
  const file = new URL('../oracles/data/cdnow_sample_transactions.csv', import.meta.url);
  const ledger = createLedger();
  for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const [customer, date, , amount] = line.split(',');
    ledger.add(customer!, Date.parse(date!) / 86_400_000, Number(amount));
  }
  const result = summarise(ledger.transactions(), {
    unit: 'week',
    until: Date.UTC(1997, 8, 30) / 86_400_000
  });
  if (!result.ok) throw new Error(result.message);
  return result.summary;
}

function benchCdnow(): void {
  const summary = cdnow();
  const rows = compress(summary);
  console.log(`CDNOW, ${rows.customers} customers, ${rows.x.length} distinct rows`);
  coldAndWarm('BG/NBD fit', '50 ms', () => fitBgNbd(rows));
  coldAndWarm('MBG/NBD fit', '-', () => fitMbgNbd(rows));
  coldAndWarm('NBD fit', '-', () => fitNbd(rows));
  coldAndWarm('Pareto/NBD fit', '300 ms', () => fitParetoNbd(rows));
  coldAndWarm('Gamma-Gamma fit', '30 ms', () => fitGammaGamma(summary));
}

function benchGenerated(count: number, goal: string): void {
  const summary = bgNbdCustomers(count, TRUTH, { seed: SEED });
  const raw = timed(() => uncompressed(summary));
  const compressed = timed(() => compress(summary));
  console.log(`${count} generated customers, seed ${SEED}, ${compressed.result.x.length} distinct rows`);
  const fit = (rows: PurchaseRows<'week'>) => timed(() => fitBgNbd(rows));
  const [slow, fast] = [fit(raw.result), fit(compressed.result)];
  report('BG/NBD fit, every customer a row', slow.ms, goal, noteOf(slow.result));
  report('compression', compressed.ms, '-');
  report('BG/NBD fit, distinct rows', fast.ms, '-', noteOf(fast.result));
  report('compression and fit', compressed.ms + fast.ms, goal);
  const pareto = timed(() => fitParetoNbd(compressed.result));
  report('Pareto/NBD fit, distinct rows', pareto.ms, '-', noteOf(pareto.result));
  if (fast.result.ok) {
    const { r, alpha, a, b } = fast.result.parameters;
    console.log(`  found r ${r.toFixed(4)}, alpha ${alpha.toFixed(3)}, a ${a.toFixed(3)}, b ${b.toFixed(3)}`);
  }
}

function benchAhead(): void {
  const summary = bgNbdCustomers(1_000_000, TRUTH, { seed: SEED });
  const year = duration(52, 'week');
  const ahead = timed(() =>
    perCustomer(summary, (customer) => bgNbdExpectedPurchases(TRUTH, customer, year))
  );
  report('purchases of the next 52 weeks, 1,000,000 customers', ahead.ms, '0.5 s');
}

function benchSummary(): void {
  const uniform = seededUniform(SEED);
  const ledger = createLedger();
  const adding = timed(() => {
    for (let row = 0; row < 1_000_000; row++)
      ledger.add(
        String(Math.floor(uniform() * 200_000)),
        10_000 + Math.floor(uniform() * 546),
        Math.round(uniform() * 10_000) / 100
      );
  });
  const summing = timed(() => summarise(ledger.transactions(), { unit: 'week' }));
  report('1,000,000 unsorted transactions into the ledger', adding.ms, '-', 'drawing them included');
  report('ledger to summary', summing.ms, '3 s with parsing');
}

benchCdnow();
benchGenerated(100_000, '0.5 s');
benchGenerated(1_000_000, '2 s');
benchAhead();
benchSummary();

/**
 * A million transactions as the import reads them: parsed, taken up, hashed, summed up, fitted, with all figures; in
 * processor time beside the goals. Run with `node tests/bench/csv.ts`. Prints, asserts nothing.
 */
import { createImportJob, type ImportAnswer } from '../../src/lib/panels/transactions/import-job.ts';
import { seededUniform } from '../oracles/generated-customers.ts';

const SEED = 20_250_101;
const ROWS = 1_000_000;

/** Customers who buy at rates of their own and leave at some time, in rows of a shop's export. */
function file(): File {
  const uniform = seededUniform(SEED);
  const parts: string[] = ['customer_id,date,units,amount\n'];
  const dates = Array.from({ length: 1096 }, (_, day) =>
    new Date(Date.UTC(2022, 0, 1 + day)).toISOString().slice(0, 10)
  );
  let rows = 0;
  for (let customer = 0; rows < ROWS; customer++) {
    const id = String(customer).padStart(7, '0');
    const pause = 10 - 60 * Math.log(uniform());
    const leaves = 0.05 + 0.6 * uniform() ** 2;
    const spend = 10 + 60 * uniform();
    let day = Math.floor(uniform() * 700);
    do {
      const units = 1 + Math.floor(uniform() * 3);
      const amount = (spend * (0.5 + uniform())).toFixed(2);
      parts.push(`${id},${dates[day]!},${units},${amount}\n`);
      rows += 1;
      day += 1 + Math.floor(-pause * Math.log(uniform()));
    } while (rows < ROWS && day < dates.length && uniform() > leaves);
  }
  return new File([parts.join('')], 'shop.csv');
}

/** Processor time, so that other work on the machine does not count. */
const now = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const shop = file();
const started = now();
const told = (answer: ImportAnswer, at: number): string => {
  switch (answer.kind) {
    case 'progress':
      return `${answer.stage} ${((100 * answer.done) / answer.total).toFixed(0)}% after ${at.toFixed(0)} ms`;
    case 'analysed': {
      const { customers, fit, figures, spend } = answer.analysis;
      const parameters = fit.ok ? JSON.stringify(fit.parameters) : fit.message;
      return `${customers} customers, ${parameters}, spend ${spend.ok ? 'told' : spend.code}, ${figures?.tracking.length} points`;
    }
    default:
      return JSON.stringify(answer);
  }
};

const stamps: number[] = [];
let [fitting, figured] = [0, 0];
const run = createImportJob((answer) => {
  const at = now() - started;
  if (answer.kind === 'progress' && answer.stage === 'reading') stamps.push(at);
  else console.log(`  ${told(answer, at)}`);
  if (answer.kind === 'progress' && answer.stage === 'fitting') fitting = at;
  if (answer.kind === 'progress' && answer.stage === 'figures') figured = at;
});

console.log(`${ROWS} rows, ${(shop.size / 1e6).toFixed(1)} MB, seed ${SEED}`);
const options = { unit: 'week', until: null, horizonDays: 1095, annualRate: 0.1 } as const;
const opening = await new Promise<Extract<ImportAnswer, { kind: 'opened' }>>((resolve) => {
  void createImportJob((answer) => answer.kind === 'opened' && resolve(answer))({
    kind: 'open',
    id: 0,
    file: shop
  });
});
const { mapping } = opening.opening;
const from = now() - started;
await run({ kind: 'analyse', id: 1, file: shop, mapping, options: { ...options, model: 'bg-nbd' } });
const read = stamps.at(-1)! - from;
const all = now() - started - from;
const row = (job: string, ms: number, goal: string) =>
  console.log(`${job.padEnd(52)} ${ms.toFixed(0).padStart(7)} ms   goal ${goal}`);
row('read into the ledger', read, '3 s, progress shown');
row(
  `  longest time between two of ${stamps.length} reports`,
  Math.max(...stamps.map((at, k) => at - (stamps[k - 1] ?? from))),
  '-'
);
row('hash', fitting - stamps.at(-1)!, '-');
row('summary, purchase and spend fits', figured - fitting, '-');
row('all figures', all + from - figured, '-');
for (const model of ['mbg-nbd', 'pareto-nbd'] as const) {
  const again = now();
  await run({ kind: 'analyse', id: 2, file: shop, mapping, options: { ...options, model } });
  row(`another model on the same rows: ${model}`, now() - again, '-');
}

/**
 * How long the server's event loop stands still while programs ask for much: a fit of 100,000 customers sent as CSV and as
 * JSON, figures of a map of 98 stages, a simulation, a portfolio. Run with `node tests/bench/gap.ts`. Prints the longest gap
 * beside the goal of 200 ms, and the same work done on the loop; asserts nothing.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createFigures } from '../../server/figures.ts';
import { createFits } from '../../server/fits.ts';
import { key, laneNamed, stageNamed } from '../../src/lib/scenarios/j1.fixture.ts';
import { j3 } from '../../src/lib/scenarios/j3.fixture.ts';
import { answerFigures } from '../../src/lib/scenarios/figures-answer.ts';
import type { MetricKey } from '../../src/lib/journey/metrics.ts';
import type { Journey } from '../../src/lib/journey/records.ts';
import { bgNbdCustomers } from '../oracles/generated-customers.ts';

const CUSTOMERS = 100_000;
const PIECE = 64 * 1024;

/** Longest gap between two turns of the loop while `work` runs, and how long it took, in milliseconds. */
async function gapOf(work: () => unknown): Promise<{ gap: number; took: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // The histogram counts from its second turn of the loop.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const start = performance.now();
  await work();
  const took = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  return { gap: delay.max / 1e6, took };
}

async function report(job: string, goal: string, work: () => unknown): Promise<void> {
  const { gap, took } = await gapOf(work);
  console.log(
    `${job.padEnd(58)} longest gap ${gap.toFixed(0).padStart(5)} ms  goal ${goal.padEnd(7)} took ${took.toFixed(0)} ms`
  );
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += PIECE) {
    await new Promise((resolve) => setImmediate(resolve));
    yield bytes.subarray(from, from + PIECE);
  }
}

/** A chain of stages, half of them customers', each with costs in four lanes. */
function longJourney(stages: number): Journey {
  const names = Array.from({ length: stages }, (_, index) => `s${index}`);
  const lanes = ['media', 'service', 'people', 'systems'];
  const metrics = new Map<MetricKey, number | null>([[key.setting('grossMargin'), 0.6]]);
  names.forEach((name, index) => {
    if (index + 1 < stages) metrics.set(key.share(name, names[index + 1]!), 0.6);
    metrics.set(key.share(name, name), 0.2);
    for (const lane of lanes) metrics.set(key.cost(lane, name), 0.5);
    metrics.set(key.stage(name, 'dwell'), 1);
    if (index < stages / 2) return;
    metrics.set(key.stage(name, 'ordersPerVisit'), 0.5);
    metrics.set(key.stage(name, 'orderValue'), 40);
  });
  return {
    ...j3(),
    opportunities: [],
    cards: [],
    stages: names.map((name, index) => stageNamed(name, `a${String(index).padStart(3, '0')}`)),
    lanes: lanes.map((name) => laneNamed(name, 'touchpoints')),
    metrics
  };
}

const fits = createFits();
const figures = createFigures();
const signal = new AbortController().signal;
const truth = { model: 'bg-nbd', unit: 'week', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 } as const;
const { x, tx, T } = bgNbdCustomers(CUSTOMERS, truth, { seed: 7 });
const csv = ['x,t_x,T', ...Array.from(x, (n, k) => `${n},${tx[k]},${T[k]}`)].join('\n');
const summary = Array.from(x, (n, k) => ({ x: n, t_x: tx[k], T: T[k] }));
const json = JSON.stringify({ model: 'bg-nbd', summary });

for (const model of ['bg-nbd', 'pareto-nbd'])
  await report(
    `${model} of ${CUSTOMERS} customers as CSV, ${(csv.length / 1e6).toFixed(1)} MB`,
    '200 ms',
    () => fits.run({ format: 'csv', query: { model } }, pieces(csv))
  );
await report(`bg-nbd of ${CUSTOMERS} customers as JSON, ${(json.length / 1e6).toFixed(1)} MB`, '200 ms', () =>
  fits.run({ format: 'json', query: {} }, pieces(json))
);

const nothing = { budget: null, simulation: null };
const long = longJourney(98);
await report('figures of 98 stages', '200 ms', () => figures.run({ journey: long, ...nothing }, signal));
await report('the same again', '200 ms', () => figures.run({ journey: long, ...nothing }, signal));
await report('the same on the loop', '-', () => JSON.stringify(answerFigures({ journey: long, ...nothing })));
await report('10,000 draws of J3', '200 ms', () =>
  figures.run({ journey: j3(), budget: null, simulation: { draws: 10_000, seed: 1 } }, signal)
);
await report('portfolio of J3', '200 ms', () =>
  figures.run({ journey: j3(), budget: 30_000, simulation: null }, signal)
);
await Promise.all([fits.close(), figures.close()]);

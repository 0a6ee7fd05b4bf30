/**
 * Time of one re-solve after a keystroke: check, solve, contributions, removal effects and derivatives of a journey of
 * 12 stages. Run with `node tests/bench/clv.ts`. Prints, asserts nothing.
 */
import { byPeriod, checkModel, evaluateJourney, solveJourney } from '../../src/lib/clv/index.ts';
import type { JourneyInput, Tick } from '../../src/lib/clv/index.ts';

const STAGES = 12;
const ACQUIRE = 4;
const ROUNDS = 2000;

/** Twelve stages, six transitions out of each, four cost lanes, referrals. `keystroke` changes one share. */
function journey(tick: Tick, keystroke: number): JourneyInput {
  const ids = Array.from({ length: STAGES }, (_, index) => `s${index}`);
  const lanes = ['media', 'service', 'people', 'systems'];
  return {
    tick,
    currency: 'EUR',
    grossMargin: 0.6,
    stages: ids.map((id, index) => ({
      id,
      name: id,
      kind: index < ACQUIRE ? 'acquire' : 'customer',
      ...(index < ACQUIRE ? {} : { ordersPerVisit: 0.5, orderValue: 40, referrals: 0.001 })
    })),
    transitions: ids.flatMap((from, index) =>
      [0, 1, 2, 3, 5, 7].map((step) => ({
        from,
        to: ids[(index + step) % STAGES]!,
        probability: index === 5 && step === 0 ? 0.1 + (keystroke % 100) / 2000 : 0.14
      }))
    ),
    lanes: lanes.map((id) => ({ id, name: id })),
    costs: ids.flatMap((stage) => lanes.map((lane) => ({ lane, stage, cost: 0.5 })))
  };
}

function measure(name: string, run: (round: number) => void): void {
  for (let round = 0; round < 500; round++) run(round);
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const start = performance.now();
    run(round);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * ROUNDS)]!.toFixed(3);
  console.log(`${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}

for (const tick of ['month', 'day'] as const) {
  const first = evaluateJourney(journey(tick, 0));
  if (!first.ok) throw new Error(JSON.stringify(first.problems));
  const { model, value } = first;
  const { npv, clv } = value.derivatives;
  console.log(
    `${STAGES} stages, ${model.transitions.length} transitions, ${npv.length + clv.length} derivatives, ` +
      `tick ${tick}, horizon ${model.horizon}, payback ${value.paybackTicks}, ${ROUNDS} rounds`
  );
  measure('  check', (round) => checkModel(journey(tick, round)));
  measure('  solve', () => solveJourney(model));
  measure('  re-solve (check and solve)', (round) => evaluateJourney(journey(tick, round)));
  measure('  by period, to the horizon', () => byPeriod(model, model.horizon));
}

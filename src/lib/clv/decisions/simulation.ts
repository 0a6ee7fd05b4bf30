import { TICKS_PER_YEAR, type JourneyInput, type ProblemCode } from '../model.ts';
import { CustomerWalk } from './customer-walk.ts';
import { drawPlan, type DrawPlan } from './draw-plan.ts';
import { EditProgram, placesOf } from './edit-program.ts';
import { LeanJourney } from './lean.ts';
import { baselineOf, checkOpportunity, effectChance } from './opportunity.ts';
import { refusal } from './problems.ts';
import { chanceOf, distributionOf, quantileOfUnsorted } from './quantiles.ts';
import { createRandom, type RandomStream } from './random.ts';
import { placesOfSpread, spreadsOf, type Spread } from './ranges.ts';
import type {
  BandPoint,
  Opportunity,
  RangedNumber,
  Refused,
  SimulationResult,
  SimulationValue,
  Steps
} from './types.ts';

const DEFAULT_DRAWS = 10_000;
const MOST_DRAWS = 100_000;
const LONGEST_BAND = 1200;
const MOST_POINTS = 60;
const TOP = 3;
const STEP = 128;
const ENOUGH_RATIO = 3;

export interface SimulationOptions {
  /** Whole, 0 to 2^53 - 1. The same seed on the same map gives the same numbers. */
  readonly seed: number;
  /** Whole, 1 to 100,000; 10,000 if left out. */
  readonly draws?: number | undefined;
  /** To be ranked in every draw. */
  readonly opportunities?: readonly Opportunity[] | undefined;
}

/** Everything that is made once and used in every draw. */
interface Rig {
  readonly seed: number;
  readonly draws: number;
  readonly random: RandomStream;
  readonly plan: DrawPlan;
  readonly journey: LeanJourney;
  readonly walk: CustomerWalk;
  readonly program: EditProgram;
  readonly opportunities: readonly Opportunity[];
  readonly convex: boolean;
  /** Ticks of the band, ascending. */
  readonly points: readonly number[];
  /** Whole ticks of twelve months. */
  readonly year: number;
  readonly ticks: number;
}

/** What the draws have given so far. */
interface Tally {
  readonly npv: Float64Array;
  readonly clv: Float64Array;
  readonly cac: Float64Array;
  /** By point of the band, then by draw. */
  readonly band: Float64Array;
  readonly topThree: Int32Array;
  readonly byCode: Partial<Record<ProblemCode, number>>;
  valued: number;
  ratioBelow3: number;
  paybackOver: number;
}

/**
 * Monte Carlo of a journey (D16 to D18): in each draw every number with a range is drawn, the map is solved, and its figures
 * are kept. Draws whose map has no value are counted by reason and reported; figures are over the others. Time: about a
 * lean solve and one walk over the band for each draw, and one lean solve more for each opportunity.
 *
 * @returns a job in steps. Refused when the map as entered has no value, for what `spreadsOf` refuses, and for a seed or a
 *   number of draws out of range.
 */
export function* simulationSteps(
  input: JourneyInput,
  ranges: readonly RangedNumber[],
  options: SimulationOptions
): Steps<SimulationResult> {
  const rig = setUp(input, ranges, options);
  if ('ok' in rig) return rig;
  const { draws, journey, plan, random } = rig;
  const tally = newTally(rig);
  const numbers = Float64Array.from(journey.base);
  const cumulative = new Float64Array(rig.ticks);
  const rank = ranker(rig, tally);
  for (let draw = 0; draw < draws; draw++) {
    if (draw % STEP === 0) yield { done: draw, total: draws };
    plan(random, numbers);
    const code = journey.solve(numbers);
    if (code !== null) {
      tally.byCode[code] = (tally.byCode[code] ?? 0) + 1;
      continue;
    }
    rig.walk.run(cumulative);
    keep(rig, tally, cumulative);
    if (rig.opportunities.length > 0) rank(numbers);
  }
  return yield* tell(rig, tally);
}

function setUp(
  input: JourneyInput,
  ranges: readonly RangedNumber[],
  { seed, draws = DEFAULT_DRAWS, opportunities = [] }: SimulationOptions
): Rig | Refused {
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    return refusal('E_RANGE', 'The seed must be a whole number, 0 or more.');
  if (!(Number.isInteger(draws) && draws >= 1 && draws <= MOST_DRAWS))
    return refusal('E_RANGE', 'The number of draws must be a whole number from 1 to 100,000.');
  const baseline = baselineOf(input);
  if (!baseline.ok) return baseline;
  const found = spreadsOf(input, ranges);
  if (!found.ok) return found;
  const wrong = opportunities.map(checkOpportunity).find((problem) => problem !== null);
  if (wrong) return wrong;
  const { model } = baseline;
  const places = [...found.spreads.flatMap(placesOfSpread), ...placesOf(input, opportunities)];
  const others = found.spreads.flatMap((spread) => (spread.kind === 'shares' ? spread.others : []));
  const journey = new LeanJourney(input, model, [...places, ...others]);
  const program = EditProgram.compile(input, opportunities, journey.layout);
  if (!(program instanceof EditProgram)) return program;
  const points = pointsOf(Math.min(model.horizon, LONGEST_BAND));
  const year = TICKS_PER_YEAR[model.tick];
  const ticks = Math.max(points.at(-1)!, year) + 1;
  return {
    seed,
    draws,
    random: createRandom(seed),
    plan: drawPlan(found.spreads, journey.layout),
    journey,
    walk: new CustomerWalk(journey, ticks),
    program,
    opportunities,
    convex: found.spreads.some((spread) => concernsRetention(spread, journey)),
    points,
    year,
    ticks
  };
}

const concernsRetention = (spread: Spread, { model }: LeanJourney): boolean =>
  placesOfSpread(spread).some(
    (place) =>
      place.on === 'transition' &&
      model.stages.some(({ id, kind }) => id === place.from && kind === 'customer')
  );

/** Ticks 0 to `length` - 1, or 60 of them with the same distance but for rounding. */
function pointsOf(length: number): number[] {
  if (length <= MOST_POINTS) return Array.from({ length }, (_, tick) => tick);
  return Array.from({ length: MOST_POINTS }, (_, k) => Math.round((k * (length - 1)) / (MOST_POINTS - 1)));
}

const newTally = ({ draws, points, opportunities }: Rig): Tally => ({
  npv: new Float64Array(draws),
  clv: new Float64Array(draws),
  cac: new Float64Array(draws),
  band: new Float64Array(draws * points.length),
  topThree: new Int32Array(opportunities.length),
  byCode: {},
  valued: 0,
  ratioBelow3: 0,
  paybackOver: 0
});

function keep({ journey, points, draws, year }: Rig, tally: Tally, cumulative: Float64Array): void {
  const at = tally.valued++;
  const { npv, clv, cac } = journey;
  tally.npv[at] = npv;
  tally.clv[at] = clv;
  tally.cac[at] = cac;
  if (clv < ENOUGH_RATIO * cac) tally.ratioBelow3++;
  const enough = cac * (1 - 1e-12);
  let paid = false;
  for (let tick = 0; tick <= year && !paid; tick++) paid = cumulative[tick]! >= enough;
  if (!paid) tally.paybackOver++;
  for (let k = 0; k < points.length; k++) tally.band[k * draws + at] = cumulative[points[k]!]!;
}

/** Counts which opportunities bring most under the numbers of a draw, each alone, by s u dNPV. */
function ranker({ journey, program, opportunities }: Rig, tally: Tally): (numbers: Float64Array) => void {
  const chances = opportunities.map(effectChance);
  const edited = new Float64Array(journey.base.length);
  const chosen = new Uint8Array(opportunities.length);
  const uplifts = new Float64Array(opportunities.length);
  return (numbers) => {
    const before = journey.npv;
    edited.set(numbers);
    for (let k = 0; k < chosen.length; k++) {
      chosen[k] = 1;
      program.apply(numbers, chosen, edited);
      chosen[k] = 0;
      uplifts[k] = journey.solve(edited) === null ? chances[k]! * (journey.npv - before) : -Infinity;
    }
    for (let k = 0; k < chosen.length; k++) {
      const own = uplifts[k]!;
      let better = 0;
      for (let other = 0; other < chosen.length; other++)
        if (uplifts[other]! > own || (uplifts[other] === own && other < k)) better++;
      if (own > 0 && better < TOP) tally.topThree[k]!++;
    }
  };
}

function* tell(rig: Rig, tally: Tally): Steps<SimulationValue> {
  const { journey, draws, seed, opportunities, convex } = rig;
  const { valued } = tally;
  yield { done: draws, total: draws };
  journey.solve(journey.base);
  const { npv, clv, cac } = journey;
  const of = (values: Float64Array, base: number, mayBeConvex: boolean) =>
    distributionOf(values.subarray(0, valued), base, mayBeConvex);
  return {
    ok: true,
    seed,
    draws,
    valued,
    withoutValue: { count: draws - valued, byCode: tally.byCode },
    figures:
      valued === 0
        ? null
        : {
            npvPerProspect: of(tally.npv, npv, convex),
            clv: of(tally.clv, clv, convex),
            cac: of(tally.cac, cac, false),
            ratioBelow3: chanceOf(tally.ratioBelow3, valued),
            paybackOver12Months: chanceOf(tally.paybackOver, valued)
          },
    band: valued === 0 ? [] : yield* bandOf(rig, tally),
    topThree: opportunities.flatMap(({ id }, k) =>
      valued === 0 ? [] : [{ id, share: chanceOf(tally.topThree[k]!, valued) }]
    )
  };
}

function* bandOf({ points, draws }: Rig, { band, valued }: Tally): Steps<BandPoint[]> {
  const rows: BandPoint[] = [];
  for (const [k, tick] of points.entries()) {
    yield { done: draws, total: draws };
    const values = band.subarray(k * draws, k * draws + valued);
    const [p5, p50, p95] = [0.05, 0.5, 0.95].map((share) => quantileOfUnsorted(values, share));
    rows.push({ tick, p5: p5!, p50: p50!, p95: p95! });
  }
  return rows;
}

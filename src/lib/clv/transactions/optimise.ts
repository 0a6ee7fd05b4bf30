import { dot, factorize, solve } from '../linear.ts';
import { nelderMead } from './nelder-mead.ts';

/**
 * A log-likelihood of positive parameters: returns its value and writes its derivative by each parameter into
 * `gradient`. Not finite where it cannot be evaluated.
 */
export type LogLikelihood = (parameters: Float64Array, gradient: Float64Array) => number;

export interface Maximum {
  readonly converged: true;
  readonly parameters: Float64Array;
  readonly logLikelihood: number;
  /** Inverse of minus the Hessian in the parameters themselves, rows after each other. */
  readonly covariance: Float64Array;
  readonly evaluations: number;
}

/** `flat`: the likelihood keeps rising, or hardly falls, while a parameter grows or shrinks without end. */
export interface NoMaximum {
  readonly converged: false;
  readonly reason: 'flat' | 'no-descent';
  /** The largest log-likelihood that was met; -Infinity when there was none. */
  readonly best: number;
  readonly evaluations: number;
}

const TOLERANCE = 1e-8;
const MOST_STEPS = 200;
/** Steps in a row that gain nothing but rounding. */
const MOST_IDLE_STEPS = 4;
/** No parameter moves by more than this factor's logarithm in one step. */
const LONGEST_STEP = 2;
/** A standard error of ln(parameter) beyond this says that the data do not tell its order of magnitude. */
const FLAT = 10;
/** Farther than this factor's logarithm from the first start, a parameter counts as running away. */
const FARTHEST = Math.log(1e5);

/** A function of log-parameters to be minimised, with its gradient. */
interface Objective {
  (at: Float64Array, gradient: Float64Array): number;
  evaluations: number;
}

interface Point {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/**
 * Maximum of a log-likelihood over positive parameters (T7). BFGS in the logarithms of the parameters with analytic
 * gradients and backtracking; then Newton steps on the Hessian, which is taken by central differences of the gradient,
 * until rounding. Converged means: each derivative by a log-parameter is below 1e-8 of the log-likelihood, and the
 * Hessian says that this is a maximum and not a ridge, and no parameter is 1e5 times off its first start. Otherwise the next start is tried, at last Nelder-Mead.
 *
 * In logarithms a change of the time unit is a shift, so that rescaling time would change nothing.
 *
 * @param starts positive parameters to start from, the best guess first.
 */
export function maximise(
  logLikelihood: LogLikelihood,
  starts: readonly (readonly number[])[]
): Maximum | NoMaximum {
  const objective = inLogarithms(logLikelihood);
  const centre = Float64Array.from(starts[0]!, Math.log);
  let reason: NoMaximum['reason'] = 'no-descent';
  let best: Point | null = null;
  for (const start of starts) {
    const end = descend(objective, pointAt(objective, Float64Array.from(start, Math.log)), centre);
    const result = conclude(objective, end, centre);
    if (typeof result !== 'string') return result;
    const isFlatAgain = reason === 'flat' && result === 'flat';
    reason = result;
    if (Number.isFinite(end.value) && (best === null || end.value < best.value)) best = end;
    if (isFlatAgain) break;
  }
  if (best !== null && reason === 'no-descent') {
    const scratch = new Float64Array(best.at.length);
    const simplex = nelderMead((at) => objective(at, scratch), best.at);
    const result = conclude(objective, descend(objective, pointAt(objective, simplex), centre), centre);
    if (typeof result !== 'string') return result;
    reason = result;
  }
  return {
    converged: false,
    reason,
    best: best === null ? -Infinity : -best.value,
    evaluations: objective.evaluations
  };
}

function inLogarithms(logLikelihood: LogLikelihood): Objective {
  const objective: Objective = (at, gradient) => {
    objective.evaluations += 1;
    const parameters = at.map(Math.exp);
    const value = -logLikelihood(parameters, gradient);
    for (let k = 0; k < at.length; k++) gradient[k] = -gradient[k]! * parameters[k]!;
    return Number.isFinite(value) && gradient.every(Number.isFinite) ? value : Infinity;
  };
  objective.evaluations = 0;
  return objective;
}

function pointAt(objective: Objective, at: Float64Array): Point {
  const gradient = new Float64Array(at.length);
  return { at, value: objective(at, gradient), gradient };
}

const isStationary = ({ value, gradient }: Point, tolerance = TOLERANCE) =>
  largest(gradient) <= tolerance * Math.max(1, Math.abs(value));

const largest = (vector: Float64Array) => vector.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);

const isFar = ({ at }: Point, centre: Float64Array) =>
  largest(at.map((entry, k) => entry - centre[k]!)) > FARTHEST;

/** BFGS (Nocedal & Wright, algorithm 6.1) with Armijo backtracking; an update of wrong curvature is left out. */
function descend(objective: Objective, start: Point, centre: Float64Array): Point {
  const size = start.at.length;
  let inverse = identity(size, 1 / Math.max(1, largest(start.gradient)));
  let point = start;
  let isFresh = true;
  let idle = 0;
  for (let step = 0; step < MOST_STEPS && Number.isFinite(point.value); step++) {
    if (isStationary(point) || isFar(point, centre) || idle === MOST_IDLE_STEPS) break;
    const direction = times(inverse, point.gradient).map((entry) => -entry);
    const next = backtrack(objective, point, direction);
    if (next === null) {
      if (isFresh) break;
      inverse = identity(size, 1 / Math.max(1, largest(point.gradient)));
      isFresh = true;
      continue;
    }
    idle = point.value - next.value > 1e-13 * Math.abs(point.value) ? 0 : idle + 1;
    const moved = next.at.map((entry, k) => entry - point.at[k]!);
    const turned = next.gradient.map((entry, k) => entry - point.gradient[k]!);
    const curvature = dot(moved, turned);
    if (curvature > 1e-12 * Math.sqrt(dot(moved, moved) * dot(turned, turned))) {
      if (isFresh) inverse = identity(size, curvature / dot(turned, turned));
      updateInverse(inverse, moved, turned, curvature);
      isFresh = false;
    }
    point = next;
  }
  return point;
}

function backtrack(objective: Objective, from: Point, direction: Float64Array): Point | null {
  const slope = dot(direction, from.gradient);
  if (!(slope < 0)) return null;
  const rounding = 4e-16 * Math.abs(from.value);
  let length = Math.min(1, LONGEST_STEP / largest(direction));
  for (let halving = 0; halving < 40; halving++) {
    const next = pointAt(
      objective,
      from.at.map((entry, k) => entry + length * direction[k]!)
    );
    if (next.value <= from.value + 1e-4 * length * slope + rounding) return next;
    // The minimum of the parabola through what is known, kept within a tenth and a half of the step.
    const parabola = (-slope * length * length) / (2 * (next.value - from.value - slope * length));
    length = Math.min(length / 2, Math.max(length / 10, Number.isFinite(parabola) ? parabola : 0));
  }
  return null;
}

const identity = (size: number, scale: number) =>
  Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? scale : 0));

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => dot(matrix.subarray(row * size, (row + 1) * size), vector));
}

/** Nocedal & Wright (6.17): H + (1 + y'Hy/s'y) ss'/s'y - (Hy s' + s y'H)/s'y. */
function updateInverse(
  inverse: Float64Array,
  moved: Float64Array,
  turned: Float64Array,
  curvature: number
): void {
  const size = moved.length;
  const turnedBack = times(inverse, turned);
  const stretch = (1 + dot(turned, turnedBack) / curvature) / curvature;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      inverse[row * size + column]! +=
        stretch * moved[row]! * moved[column]! -
        (turnedBack[row]! * moved[column]! + moved[row]! * turnedBack[column]!) / curvature;
}

/** Newton steps from where the descent ended, and the verdict on it. */
function conclude(objective: Objective, end: Point, centre: Float64Array): Maximum | NoMaximum['reason'] {
  if (isFar(end, centre)) return 'flat';
  if (!Number.isFinite(end.value) || !isStationary(end, 1e-5)) return 'no-descent';
  const size = end.at.length;
  const hessian = hessianAt(objective, end);
  const factors = factorize(hessian, size);
  if (factors.singular) return 'flat';
  let point = end;
  let travelled = 0;
  for (let step = 0; step < 3; step++) {
    const move = solve(factors, point.gradient);
    if (!(largest(move) < LONGEST_STEP)) break;
    const next = pointAt(
      objective,
      point.at.map((entry, k) => entry - move[k]!)
    );
    if (!(largest(next.gradient) < largest(point.gradient)) || !Number.isFinite(next.value)) break;
    point = next;
    travelled += largest(move);
  }
  const covariance = inverseOf(travelled < 1e-6 ? hessian : hessianAt(objective, point), size);
  for (let k = 0; k < size; k++) {
    const variance = covariance[k * size + k]!;
    if (!(variance > 0 && Math.sqrt(variance) < FLAT)) return 'flat';
  }
  if (!isStationary(point)) return 'no-descent';
  const parameters = point.at.map(Math.exp);
  return {
    converged: true,
    parameters,
    logLikelihood: -point.value,
    covariance: covariance.map(
      (entry, k) => entry * parameters[Math.floor(k / size)]! * parameters[k % size]!
    ),
    evaluations: objective.evaluations
  };
}

/** Symmetric central differences of the gradient; relative error about 1e-8. */
function hessianAt(objective: Objective, { at }: Point): Float64Array {
  const size = at.length;
  const step = 1e-4;
  const hessian = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const side = (sign: number) =>
      pointAt(
        objective,
        at.map((entry, index) => (index === k ? entry + sign * step : entry))
      ).gradient;
    const [above, below] = [side(1), side(-1)];
    for (let row = 0; row < size; row++) {
      const slope = (above[row]! - below[row]!) / (4 * step);
      hessian[row * size + k]! += slope;
      hessian[k * size + row]! += slope;
    }
  }
  return hessian;
}

function inverseOf(matrix: Float64Array, size: number): Float64Array {
  const factors = factorize(matrix, size);
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    solve(factors, unit).forEach((entry, row) => (inverse[row * size + column] = entry));
  }
  return inverse;
}

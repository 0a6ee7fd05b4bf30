import { portableExp, portableLog } from './portable-math.ts';
import { zigguratNormal } from './ziggurat.ts';

const TWO_53 = 9007199254740992;
const TWO_26 = 67108864;
const WARM_UP = 15;
/** 95% point of the standard normal distribution. */
const NORMAL_95 = 1.6448536269514722;
/** Below this shape, gamma variates are handled by their logarithms, so that they do not vanish. */
const SMALL_SHAPE = 0.1;

/**
 * A stream of random numbers from one seed.
 *
 * The bits come from sfc32 (Doty-Humphrey, PractRand): 128 bits of state in a counter and a chaotic part, period at least
 * 2^32, passes PractRand and BigCrush. Everything else uses sums, products, quotients, Math.floor, comparison and
 * Math.sqrt, which IEEE 754 rounds correctly on every processor that JavaScript runs on, and `portable-math`; so the same
 * seed gives the same draws, to the last bit, on every platform. No other function of Math is called.
 */
export interface RandomStream {
  /** In [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal: ziggurat of 128 layers (Marsaglia & Tsang 2000a) in the form of Doornik (2005). */
  normal(): number;
  /** Gamma(shape, scale 1), shape 0 or more; 0 at shape 0. Marsaglia & Tsang (2000b), below shape 1 by their boost. */
  gamma(shape: number): number;
  /** Beta(a, b), both 0 or more and one of them above 0; exactly 0 or 1 where the other is 0. */
  beta(a: number, b: number): number;
  /** Dirichlet: fills `into` with shares that sum to 1. Shapes 0 or more, one of them above 0; share 0 at shape 0. */
  dirichlet(shapes: ArrayLike<number>, into: Float64Array): void;
  /** Lognormal with its 5% point at `p5` and its 95% point at `p95`; 0 < p5 <= p95. */
  lognormal(p5: number, p95: number): number;
  /**
   * PERT (Malcolm et al. 1959): low + (high - low) Beta(1 + 4 (mode - low)/(high - low), 1 + 4 (high - mode)/(high - low)),
   * with mean (low + 4 mode + high)/6. Needs low <= mode <= high; the number itself where low = high.
   */
  pert(low: number, mode: number, high: number): number;
}

/** @param seed a whole number from 0 to 2^53 - 1. */
export function createRandom(seed: number): RandomStream {
  const bits = sfc32(seed);
  const uniform = () => {
    const high = bits() >>> 5;
    return (high * TWO_26 + (bits() >>> 6)) / TWO_53;
  };
  const normal = zigguratNormal(bits, uniform);
  const aboveZero = () => {
    for (;;) {
      const u = uniform();
      if (u > 0) return u;
    }
  };
  const gamma = (shape: number): number => {
    if (shape <= 0) return 0;
    if (shape >= 1) return largeGamma(shape, uniform, normal);
    return portableExp(logSmallGamma(shape));
  };
  const logSmallGamma = (shape: number): number =>
    portableLog(largeGamma(shape + 1, uniform, normal)) + portableLog(aboveZero()) / shape;
  const dirichlet = (shapes: ArrayLike<number>, into: Float64Array) => {
    let sum = 0;
    let smallest = Infinity;
    for (let k = 0; k < shapes.length; k++) if (shapes[k]! > 0) smallest = Math.min(smallest, shapes[k]!);
    if (smallest < SMALL_SHAPE) fillByLogarithms(shapes, into);
    else for (let k = 0; k < shapes.length; k++) into[k] = gamma(shapes[k]!);
    for (let k = 0; k < shapes.length; k++) sum += into[k]!;
    for (let k = 0; k < shapes.length; k++) into[k]! /= sum;
  };
  const fillByLogarithms = (shapes: ArrayLike<number>, into: Float64Array) => {
    let largest = -Infinity;
    for (let k = 0; k < shapes.length; k++) {
      const shape = shapes[k]!;
      if (shape <= 0) into[k] = -Infinity;
      else into[k] = shape < 1 ? logSmallGamma(shape) : portableLog(largeGamma(shape, uniform, normal));
      largest = Math.max(largest, into[k]!);
    }
    for (let k = 0; k < shapes.length; k++) into[k] = portableExp(into[k]! - largest);
  };
  const pair = new Float64Array(2);
  const shapes = new Float64Array(2);
  const beta = (a: number, b: number): number => {
    shapes[0] = a;
    shapes[1] = b;
    dirichlet(shapes, pair);
    return pair[0]!;
  };
  return {
    uniform,
    normal,
    gamma,
    beta,
    dirichlet,
    lognormal(p5, p95) {
      const [low, high] = [portableLog(p5), portableLog(p95)];
      return portableExp((low + high) / 2 + (normal() * (high - low)) / (2 * NORMAL_95));
    },
    pert(low, mode, high) {
      const width = high - low;
      if (width === 0) return low;
      return low + width * beta(1 + (4 * (mode - low)) / width, 1 + (4 * (high - mode)) / width);
    }
  };
}

/** Words of 32 bits, signed. The seed's low and high halves are the first two words of the state. */
function sfc32(seed: number): () => number {
  const state = Int32Array.of(seed, Math.floor(seed / 4294967296), 0, 1);
  const next = () => {
    const b = state[1]!;
    const c = state[2]!;
    const counter = state[3]!;
    const word = (state[0]! + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + word;
    state[3] = counter + 1;
    return word;
  };
  for (let round = 0; round < WARM_UP; round++) next();
  return next;
}

/** Marsaglia & Tsang (2000b): d v with d = shape - 1/3, v = (1 + z/sqrt(9d))^3, squeezed and rejected. Shape 1 or more. */
function largeGamma(shape: number, uniform: () => number, normal: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal();
    const root = 1 + c * z;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = uniform();
    const square = z * z;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (u > 0 && portableLog(u) < square / 2 + d * (1 - v + portableLog(v))) return d * v;
  }
}

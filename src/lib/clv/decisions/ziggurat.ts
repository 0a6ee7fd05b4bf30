import { portableExp, portableLog } from './portable-math.ts';

const LAYERS = 128;
/** Where the tail begins, and the area of each layer, for 128 layers (Marsaglia & Tsang 2000a). */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const TWO_26 = 67108864;
const TWO_52 = 4503599627370496;

/** Right edges of the layers, from the lowest (as wide as its area over its height) to the top, which is 0 wide. */
const EDGES = edges();
const HEIGHTS = EDGES.map((x) => portableExp((-x * x) / 2));

function edges(): Float64Array {
  const x = new Float64Array(LAYERS + 1);
  let height = portableExp((-TAIL * TAIL) / 2);
  x[0] = AREA / height;
  x[1] = TAIL;
  for (let k = 2; k < LAYERS; k++) {
    height += AREA / x[k - 1]!;
    x[k] = Math.sqrt(-2 * portableLog(height));
  }
  return x;
}

/**
 * Standard normal variates. A layer of equal area is drawn, and a place in it; 98.8% of them lie under the curve for sure.
 * The others are compared with it, and in the lowest layer drawn from the tail (Marsaglia 1964). The layer comes from bits
 * that the place does not use, which is Doornik's cure for the correlation in the original method.
 *
 * @param bits words of 32 random bits.
 * @param uniform in [0, 1).
 */
export function zigguratNormal(bits: () => number, uniform: () => number): () => number {
  return () => {
    for (;;) {
      const first = bits();
      const second = bits();
      const layer = (second & 63) | ((first & 1) << 6);
      const u = ((first >>> 5) * TWO_26 + (second >>> 6)) / TWO_52 - 1;
      const x = u * EDGES[layer]!;
      const inner = EDGES[layer + 1]!;
      if (x < inner && x > -inner) return x;
      if (layer === 0) return u < 0 ? -tail(uniform) : tail(uniform);
      const [low, high] = [HEIGHTS[layer]!, HEIGHTS[layer + 1]!];
      if (low + uniform() * (high - low) < portableExp((-x * x) / 2)) return x;
    }
  };
}

function tail(uniform: () => number): number {
  for (;;) {
    const x = -portableLog(1 - uniform()) / TAIL;
    const y = -portableLog(1 - uniform());
    if (2 * y > x * x) return TAIL + x;
  }
}

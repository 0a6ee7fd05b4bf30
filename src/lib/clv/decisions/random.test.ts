import { describe, expect, it } from 'vitest';
import { portableExp, portableLog } from './portable-math.ts';
import { createRandom, type RandomStream } from './random.ts';

const COUNT = 200_000;

/** Mean and variance of draws, as distances from the true ones in standard errors. */
function deviations(draw: (random: RandomStream) => number, mean: number, variance: number, seed = 5) {
  const random = createRandom(seed);
  const draws = Float64Array.from({ length: COUNT }, () => draw(random));
  const found = draws.reduce((sum, x) => sum + x, 0) / COUNT;
  const squares = draws.map((x) => (x - mean) ** 2);
  const spread = squares.reduce((sum, x) => sum + x, 0) / COUNT;
  const fourth = squares.reduce((sum, x) => sum + (x - spread) ** 2, 0) / COUNT;
  return [
    (found - mean) / Math.sqrt(variance / COUNT),
    (spread - variance) / Math.sqrt(fourth / COUNT)
  ] as const;
}

function expectMoments(draw: (random: RandomStream) => number, mean: number, variance: number) {
  for (const distance of deviations(draw, mean, variance)) expect(Math.abs(distance)).toBeLessThan(4);
}

describe('D16: the same numbers everywhere', () => {
  it('sfc32 with 53 bits, against a second implementation', () => {
    const wanted: [number, number[]][] = [
      [1, [0.7887684721623214, 0.8257388820225807, 0.09987997735482856]],
      [20261122, [0.9588728859303033, 0.6400276531151088, 0.8483692829894235]],
      [2 ** 53 - 1, [0.6637579290098893, 0.5260073106854664, 0.9768116595628573]]
    ];
    for (const [seed, numbers] of wanted) {
      const random = createRandom(seed);
      expect(numbers.map(() => random.uniform())).toEqual(numbers);
    }
  });

  it('draws from seed 42, to the last bit', () => {
    const random = createRandom(42);
    const shares = new Float64Array(3);
    const drawn = [
      random.normal(),
      random.gamma(2.5),
      random.gamma(0.3),
      random.beta(93, 7),
      random.lognormal(10, 20),
      random.pert(1, 2, 5)
    ];
    expect(drawn).toEqual([
      0.5677244148194734, 1.3230336154325537, 0.3238241186727726, 0.9006991504842777, 15.928483345253557,
      3.3005308747233535
    ]);
    random.dirichlet([10, 5, 0.01], shares);
    expect([...shares]).toEqual([0.6497289238785057, 0.3502710761214942, 2.0821151558191941e-221]);
  });

  it('logarithm and exponential are as exact as those of Math', () => {
    for (const x of [1e-300, 0.1, 0.5, 0.70710678, 1, 1.0000001, 3, 12345.678, 1e300])
      expect(Math.abs(portableLog(x) - Math.log(x))).toBeLessThanOrEqual(
        4e-16 * Math.max(1, Math.abs(Math.log(x)))
      );
    for (const x of [-700, -1, -1e-9, 0, 0.3, 1, 20, 700])
      expect(Math.abs(portableExp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(4e-16);
    expect([portableExp(-800), portableExp(800)]).toEqual([0, Infinity]);
  });
});

describe('distributions have their mean and variance', () => {
  it('uniform and normal', () => {
    expectMoments((random) => random.uniform(), 1 / 2, 1 / 12);
    expectMoments((random) => random.normal(), 0, 1);
  });

  it('the normal has its tails', () => {
    const random = createRandom(9);
    let [beyond2, beyondTail] = [0, 0];
    for (let draw = 0; draw < 1e6; draw++) {
      const z = Math.abs(random.normal());
      if (z > 2) beyond2++;
      if (z > 3.5) beyondTail++;
    }
    expect(Math.abs(beyond2 - 45_500)).toBeLessThan(4 * Math.sqrt(45_500));
    expect(Math.abs(beyondTail - 465)).toBeLessThan(4 * Math.sqrt(465));
  });

  it.each([0.05, 0.3, 1, 2.5, 100])('gamma of shape %d', (shape) => {
    expectMoments((random) => random.gamma(shape), shape, shape);
  });

  it.each([
    [93, 7],
    [0.5, 0.5],
    [0.02, 0.06],
    [2, 30]
  ])('beta (%d, %d)', (a, b) => {
    expectMoments((random) => random.beta(a, b), a / (a + b), (a * b) / ((a + b) ** 2 * (a + b + 1)));
  });

  it('Dirichlet shares sum to 1, a shape of 0 has no share', () => {
    const shares = new Float64Array(4);
    expectMoments(
      (random) => {
        random.dirichlet([6, 3, 0, 1], shares);
        return shares[1]! + shares[2]!;
      },
      0.3,
      (0.3 * 0.7) / 11
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 15);
    expect(shares[2]).toBe(0);
  });

  it('PERT and lognormal', () => {
    const [low, mode, high] = [1, 2, 5];
    const mean = (low + 4 * mode + high) / 6;
    expectMoments((random) => random.pert(low, mode, high), mean, ((mean - low) * (high - mean)) / 7);
    const sigma = Math.log(2) / (2 * 1.6448536269514722);
    const middle = Math.log(10 * 20) / 2;
    expectMoments(
      (random) => random.lognormal(10, 20),
      Math.exp(middle + sigma ** 2 / 2),
      Math.expm1(sigma ** 2) * Math.exp(2 * middle + sigma ** 2)
    );
  });

  it('what has no width is a constant', () => {
    const random = createRandom(1);
    expect([random.pert(3, 3, 3), random.gamma(0), random.beta(2, 0), random.beta(0, 2)]).toEqual([
      3, 0, 1, 0
    ]);
    expect(random.lognormal(7, 7)).toBeCloseTo(7, 14);
  });
});

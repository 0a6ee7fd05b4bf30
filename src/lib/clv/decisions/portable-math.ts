/*
 * Logarithm and exponential from sums, products and quotients alone. ECMAScript rounds these to the last bit everywhere
 * but leaves the accuracy of Math.log and Math.exp to the platform; random draws must not depend on it.
 */

/** ln 2 in two parts: the first has 32 trailing zero bits, so that its product with an exponent is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const bits = new DataView(new ArrayBuffer(8));

/**
 * Natural logarithm: x = 2^k m with m in [sqrt(1/2), sqrt(2)), ln x = k ln 2 + 2 artanh((m - 1)/(m + 1)), the last by its
 * Taylor series to power 21 (what is left out is below 2e-18).
 *
 * @param x positive, finite, normal (at least 2.3e-308).
 * @returns absolute error below 4e-16, or relative below 4e-16 where that is more.
 */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const q = s * s;
  let series = 1 / 21;
  series = series * q + 1 / 19;
  series = series * q + 1 / 17;
  series = series * q + 1 / 15;
  series = series * q + 1 / 13;
  series = series * q + 1 / 11;
  series = series * q + 1 / 9;
  series = series * q + 1 / 7;
  series = series * q + 1 / 5;
  series = series * q + 1 / 3;
  series = series * q + 1;
  return exponent * LN2_HIGH + (2 * s * series + exponent * LN2_LOW);
}

/**
 * Exponential: x = k ln 2 + r with |r| <= ln(2)/2, e^x = 2^k e^r, the last by its Taylor series to power 13.
 *
 * @param x finite.
 * @returns relative error below 4e-16; 0 below -708 and infinity above 709.
 */
export function portableExp(x: number): number {
  if (x < -708) return 0;
  if (x > 709) return Infinity;
  const k = Math.floor(x / LN2_HIGH + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = 1;
  for (let power = 13; power >= 1; power--) series = 1 + (series * r) / power;
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return series * bits.getFloat64(0);
}

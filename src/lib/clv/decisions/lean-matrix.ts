/*
 * Elimination in place, without pivoting, for matrices I - A with A non-negative. Such a matrix is a non-singular
 * M-matrix, which is to say that A has a spectral radius below 1, exactly when every pivot is positive (Berman & Plemmons
 * 1994, theorem 6.2.3), so that the factorisation is the test as well. All updates off the diagonal have one sign and
 * cannot cancel; only the diagonal loses digits, as many as the expected number of visits has.
 */

/**
 * Replaces a row-major matrix by its factors L and U. Rows are mostly zeros on a map: only the others are touched.
 *
 * @param scratch room for `size` positions.
 * @returns false, with the matrix half done, when a pivot is not positive.
 */
export function eliminate(matrix: Float64Array, size: number, scratch: Int32Array): boolean {
  for (let k = 0; k < size; k++) {
    const top = k * size;
    const pivot = matrix[top + k]!;
    if (!(pivot > 0)) return false;
    let filled = 0;
    for (let column = k + 1; column < size; column++)
      if (matrix[top + column] !== 0) scratch[filled++] = column;
    for (let row = k + 1; row < size; row++) {
      const start = row * size;
      const head = matrix[start + k]!;
      if (head === 0) continue;
      const factor = head / pivot;
      matrix[start + k] = factor;
      for (let at = 0; at < filled; at++) {
        const column = scratch[at]!;
        matrix[start + column]! -= factor * matrix[top + column]!;
      }
    }
  }
  return true;
}

/** Replaces `x` by the column y with A y = x, given the factors of A. */
export function solveInPlace(factors: Float64Array, size: number, x: Float64Array): void {
  for (let row = 1; row < size; row++) {
    let sum = x[row]!;
    for (let k = 0, at = row * size; k < row; k++, at++) sum -= factors[at]! * x[k]!;
    x[row] = sum;
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row]!;
    for (let k = row + 1, at = row * size + row + 1; k < size; k++, at++) sum -= factors[at]! * x[k]!;
    x[row] = sum / factors[row * size + row]!;
  }
}

/** Replaces `y` by the row x with x A = y, given the factors of A. */
export function solveRowInPlace(factors: Float64Array, size: number, y: Float64Array): void {
  for (let k = 0; k < size; k++) {
    const value = y[k]! / factors[k * size + k]!;
    y[k] = value;
    if (value === 0) continue;
    for (let column = k + 1, at = k * size + k + 1; column < size; column++, at++)
      y[column]! -= value * factors[at]!;
  }
  for (let k = size - 1; k > 0; k--) {
    const value = y[k]!;
    if (value === 0) continue;
    for (let column = 0, at = k * size; column < k; column++, at++) y[column]! -= value * factors[at]!;
  }
}

/**
 * Whether (I - A)^-1 1 says that a chain dies out: at least one visit each, and no more than 1e10, beyond which the
 * engine takes it as never ending (SPEC C15).
 */
export function isBounded(visits: Float64Array, count: number): boolean {
  for (let k = 0; k < count; k++) if (!(visits[k]! >= 1 - 1e-9 && visits[k]! <= 1e10)) return false;
  return true;
}

/** base^exponent by repeated squaring, so that it is made of products alone; exponent whole, 0 or more. */
export function wholePower(base: number, exponent: number): number {
  let power = 1;
  for (let rest = exponent, square = base; rest >= 1; rest = Math.floor(rest / 2), square *= square)
    if (rest % 2 === 1) power *= square;
  return power;
}

/** Replaces each of the `width` columns of `block` (row-major) by the column y with A y = it, given the factors of A. */
export function solveBlockInPlace(
  factors: Float64Array,
  size: number,
  block: Float64Array,
  width: number
): void {
  const subtract = (row: number, other: number) => {
    const factor = factors[row * size + other]!;
    if (factor === 0) return;
    for (let k = 0; k < width; k++) block[row * width + k]! -= factor * block[other * width + k]!;
  };
  for (let row = 1; row < size; row++) for (let other = 0; other < row; other++) subtract(row, other);
  for (let row = size - 1; row >= 0; row--) {
    for (let other = row + 1; other < size; other++) subtract(row, other);
    const pivot = factors[row * size + row]!;
    for (let k = 0; k < width; k++) block[row * width + k]! /= pivot;
  }
}

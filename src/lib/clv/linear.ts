/**
 * Dense linear algebra for journeys: one LU factorisation, reused for every right-hand side. Matrices are row-major
 * `Float64Array`s of length size * size.
 */

/** P A = L U with the row order in `order`; `singular` when a pivot vanished. */
export interface Factors {
  readonly size: number;
  readonly lu: Float64Array;
  readonly order: Int32Array;
  readonly singular: boolean;
}

/** Above this the chain is treated as never ending: at 1e10 visits a solve keeps fewer than six digits. */
const MOST_VISITS = 1e10;
const ROUNDING = 1e-9;

/**
 * Factorises a square matrix by Gaussian elimination with partial pivoting (Golub & Van Loan, algorithm 3.4.1), in
 * size^3 / 3 steps. The argument stays as it is. For the matrices met here, I minus a non-negative matrix of spectral
 * radius below 1, the growth of rounding errors stays within a small multiple of the condition number.
 */
export function factorize(matrix: Float64Array, size: number): Factors {
  const lu = Float64Array.from(matrix);
  const order = Int32Array.from({ length: size }, (_, index) => index);
  let singular = false;
  for (let column = 0; column < size; column++) {
    const pivotRow = largestBelow(lu, size, column);
    if (pivotRow !== column) swapRows(lu, order, size, pivotRow, column);
    const pivot = lu[column * size + column]!;
    if (pivot === 0 || !Number.isFinite(pivot)) {
      singular = true;
      continue;
    }
    for (let row = column + 1; row < size; row++) {
      const factor = lu[row * size + column]! / pivot;
      if (factor === 0) continue;
      lu[row * size + column] = factor;
      for (let k = column + 1; k < size; k++) lu[row * size + k]! -= factor * lu[column * size + k]!;
    }
  }
  return { size, lu, order, singular };
}

function largestBelow(lu: Float64Array, size: number, column: number): number {
  let best = column;
  for (let row = column + 1; row < size; row++)
    if (Math.abs(lu[row * size + column]!) > Math.abs(lu[best * size + column]!)) best = row;
  return best;
}

function swapRows(lu: Float64Array, order: Int32Array, size: number, a: number, b: number): void {
  for (let k = 0; k < size; k++) {
    const held = lu[a * size + k]!;
    lu[a * size + k] = lu[b * size + k]!;
    lu[b * size + k] = held;
  }
  const held = order[a]!;
  order[a] = order[b]!;
  order[b] = held;
}

/** The column x with A x = `right`. Not finite where A is singular. */
export function solve({ size, lu, order }: Factors, right: ArrayLike<number>): Float64Array {
  const x = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = right[order[row]!]!;
    for (let k = 0; k < row; k++) sum -= lu[row * size + k]! * x[k]!;
    x[row] = sum;
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row]!;
    for (let k = row + 1; k < size; k++) sum -= lu[row * size + k]! * x[k]!;
    x[row] = sum / lu[row * size + row]!;
  }
  return x;
}

/** The row x with x A = `left`. Not finite where A is singular. */
export function solveRow({ size, lu, order }: Factors, left: ArrayLike<number>): Float64Array {
  const y = new Float64Array(size);
  for (let column = 0; column < size; column++) {
    let sum = left[column]!;
    for (let k = 0; k < column; k++) sum -= lu[k * size + column]! * y[k]!;
    y[column] = sum / lu[column * size + column]!;
  }
  for (let column = size - 1; column >= 0; column--) {
    let sum = y[column]!;
    for (let k = column + 1; k < size; k++) sum -= lu[k * size + column]! * y[k]!;
    y[column] = sum;
  }
  const x = new Float64Array(size);
  for (let k = 0; k < size; k++) x[order[k]!] = y[k]!;
  return x;
}

/** One column of A's inverse. */
export function inverseColumn(factors: Factors, column: number): Float64Array {
  const unit = new Float64Array(factors.size);
  unit[column] = 1;
  return solve(factors, unit);
}

/** I minus `matrix`. */
export function identityMinus(matrix: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let k = 0; k < result.length; k++) result[k] = -matrix[k]!;
  for (let k = 0; k < size; k++) result[k * size + k]! += 1;
  return result;
}

/**
 * True when a non-negative matrix A has a spectral radius below 1, given the factors of I - A.
 *
 * Solves (I - A) y = 1. If A's radius is below 1 then y = 1 + A y >= 1; conversely a finite y >= 1 gives A y < y,
 * which bounds the radius below 1 (Berman & Plemmons, M-matrices). Radii so close to 1 that y exceeds 1e10 count as 1.
 */
export function dies(factors: Factors): boolean {
  if (factors.singular) return false;
  const y = solve(factors, new Float64Array(factors.size).fill(1));
  return y.every((visits) => visits >= 1 - ROUNDING && visits <= MOST_VISITS);
}

/** Sum of products. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** Why a transaction is not taken up (T5). */
export type RowProblemCode = 'E_CUSTOMER' | 'E_DAY' | 'E_AMOUNT';

/** Transactions as columns: `customer` holds indices into `ids`. */
export interface Transactions {
  readonly ids: readonly string[];
  readonly customer: Int32Array;
  /** Whole days since 1 January 1970, UTC. */
  readonly day: Int32Array;
  /** Money; 0 throughout when spend is not known. */
  readonly amount: Float64Array;
  readonly spendKnown: boolean;
}

/** Takes up transactions one at a time, in any order, and holds them as columns: 16 bytes a row. */
export interface Ledger {
  /**
   * @param customer not empty; kept as text, so that "0012" and "12" are two customers.
   * @param day whole days since 1 January 1970, UTC.
   * @param amount money, finite; left out where spend is not known.
   * @returns the problem, and then nothing was taken up; null when it was.
   */
  add(customer: string, day: number, amount?: number): RowProblemCode | null;
  readonly size: number;
  transactions(): Transactions;
}

const FARTHEST_DAY = 2 ** 30;

/** An empty ledger. */
export function createLedger(): Ledger {
  const indexOf = new Map<string, number>();
  const ids: string[] = [];
  let [customers, days, amounts] = [new Int32Array(1024), new Int32Array(1024), new Float64Array(1024)];
  let size = 0;
  let spendKnown = true;

  const grow = () => {
    [customers, days, amounts] = [
      copyInto(new Int32Array(2 * size), customers),
      copyInto(new Int32Array(2 * size), days),
      copyInto(new Float64Array(2 * size), amounts)
    ];
  };
  return {
    add(customer, day, amount) {
      if (customer === '') return 'E_CUSTOMER';
      if (!Number.isInteger(day) || Math.abs(day) > FARTHEST_DAY) return 'E_DAY';
      if (amount !== undefined && !Number.isFinite(amount)) return 'E_AMOUNT';
      let index = indexOf.get(customer);
      if (index === undefined) {
        index = ids.push(customer) - 1;
        indexOf.set(customer, index);
      }
      if (size === days.length) grow();
      customers[size] = index;
      days[size] = day;
      amounts[size] = amount ?? 0;
      if (amount === undefined) spendKnown = false;
      size += 1;
      return null;
    },
    get size() {
      return size;
    },
    transactions: () => ({
      ids,
      customer: customers.subarray(0, size),
      day: days.subarray(0, size),
      amount: amounts.subarray(0, size),
      spendKnown
    })
  };
}

function copyInto<A extends Int32Array | Float64Array>(target: A, source: A): A {
  target.set(source);
  return target;
}

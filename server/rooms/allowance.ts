/** So many at once, and so many a second after that. */
interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Rates {
  readonly frames: Rate;
  readonly bytes: Rate;
}

/**
 * One socket, and one account with all of its sockets. A burst of 10,000 edits and a first answer of 8 MB pass without a
 * pause; what comes faster for longer than that waits in the sender's own queue, and takes a fraction of a core here.
 */
export const RATES: { readonly socket: Rates; readonly account: Rates } = {
  socket: {
    frames: { burst: 20_000, perSecond: 5_000 },
    bytes: { burst: 32 * 1024 * 1024, perSecond: 8 * 1024 * 1024 }
  },
  account: {
    frames: { burst: 60_000, perSecond: 10_000 },
    bytes: { burst: 128 * 1024 * 1024, perSecond: 16 * 1024 * 1024 }
  }
};

/** A token bucket of frames and of bytes. What has arrived already is taken, so it may run into debt. */
export class Allowance {
  readonly #rates: Rates;
  #frames: number;
  #bytes: number;
  #at: number;

  constructor(rates: Rates, now: number) {
    this.#rates = rates;
    this.#frames = rates.frames.burst;
    this.#bytes = rates.bytes.burst;
    this.#at = now;
  }

  /** Takes from it. Answers how many ms it will be in debt, 0 when it is not. */
  take(frames: number, bytes: number, now: number): number {
    const { frames: ofFrames, bytes: ofBytes } = this.#rates;
    const seconds = Math.max(0, now - this.#at) / 1_000;
    this.#at = now;
    this.#frames = Math.min(ofFrames.burst, this.#frames + seconds * ofFrames.perSecond) - frames;
    this.#bytes = Math.min(ofBytes.burst, this.#bytes + seconds * ofBytes.perSecond) - bytes;
    const debt = Math.max(-this.#frames / ofFrames.perSecond, -this.#bytes / ofBytes.perSecond, 0);
    return Math.ceil(debt * 1_000);
  }
}

/** The accounts that have a socket open, each with one allowance for all of them. */
export class AccountAllowances {
  readonly #accounts = new Map<string, { readonly allowance: Allowance; sockets: number }>();

  /** One socket more. Give it back with {@link leave}. */
  enter(account: string, now: number): Allowance {
    const known = this.#accounts.get(account) ?? { allowance: new Allowance(RATES.account, now), sockets: 0 };
    known.sockets++;
    this.#accounts.set(account, known);
    return known.allowance;
  }

  leave(account: string): void {
    const known = this.#accounts.get(account);
    if (known && --known.sockets <= 0) this.#accounts.delete(account);
  }
}

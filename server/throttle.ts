import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** What is counted, how often it may happen, and over how many seconds. Generous: offices share one address. */
const BUDGETS = {
  'new guest': { points: 300, duration: 60 }, // by address
  api: { points: 1200, duration: 60 }, // by person
  'new map': { points: 60, duration: 60 }, // by person
  'new map, by address': { points: 600, duration: 60 },
  picture: { points: 240, duration: 60 }, // by person
  'picture, by address': { points: 1200, duration: 60 },
  'new account': { points: 30, duration: 3600 }, // by address
  'share link': { points: 120, duration: 60 }, // tries to open one, by address
  'reset mail': { points: 20, duration: 3600 } // links for a new password, by address
} as const;

export type Budget = keyof typeof BUDGETS;

export interface Throttle {
  /** Takes one from `who`'s budget: null when there was one left, else the whole seconds to wait. */
  take(budget: Budget, who: string): Promise<number | null>;
}

/** Counts in the memory of this process. */
export function createThrottle(): Throttle {
  const limiters = new Map(
    Object.entries(BUDGETS).map(([name, budget]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, ...budget })
    ])
  );
  return {
    async take(budget, who) {
      try {
        await limiters.get(budget)?.consume(who);
        return null;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
        throw refusal;
      }
    }
  };
}

import { factorize, identityMinus, solve } from '../linear.ts';

/*
 * Which channel earns a conversion, from the paths that people took (Anderl, Becker, von Wangenheim & Schumann 2016): a
 * first-order Markov chain over channels, and what share of conversions is lost when a channel is taken out. Solved
 * linearly: no simulation, no powers of a matrix, the same digits every time.
 */

/** A path that `conversions` people ended by converting and `losses` people by leaving. */
export interface ChannelPath {
  /** Channels in the order of contact, at least one. */
  readonly channels: readonly string[];
  readonly conversions: number;
  readonly losses: number;
}

export interface ChannelCredit {
  readonly channel: string;
  /** Share of conversions lost without the channel: 1 - P(conversion without it)/P(conversion). */
  readonly removalEffect: number;
  /** Removal effects scaled to sum to 1. */
  readonly share: number;
  /** All conversions, divided by the shares. */
  readonly conversions: number;
  /** Expected contacts with the channel per person. */
  readonly contacts: number;
}

export type AttributionResult =
  | {
      readonly ok: true;
      readonly conversionRate: number;
      readonly channels: readonly ChannelCredit[];
    }
  | { readonly ok: false; readonly code: 'E_PATHS' | 'E_NO_CONVERSION'; readonly message: string };

/** The chain of the paths: `start`, `next` and `convert` are chances; what is missing to 1 is lost. */
interface Chain {
  readonly channels: readonly string[];
  readonly start: Float64Array;
  readonly next: Float64Array;
  readonly convert: Float64Array;
}

/**
 * Credits channels by their removal effect. A channel that is taken out loses everybody who comes to it.
 *
 * @returns channels in the order in which they first appear.
 */
export function attributeConversions(paths: readonly ChannelPath[]): AttributionResult {
  const wrong = paths.findIndex(
    ({ channels, conversions, losses }) =>
      channels.length === 0 || ![conversions, losses].every((count) => count >= 0 && Number.isFinite(count))
  );
  if (wrong !== -1)
    return {
      ok: false,
      code: 'E_PATHS',
      message: `Path ${wrong + 1} has no channel, or a count that is negative or not a number.`
    };
  const conversions = paths.reduce((sum, path) => sum + path.conversions, 0);
  if (conversions === 0)
    return { ok: false, code: 'E_NO_CONVERSION', message: 'No path ends in a conversion.' };
  const chain = chainOf(paths.filter((path) => path.conversions + path.losses > 0));
  const conversionRate = conversionOf(chain, null);
  const effects = chain.channels.map((_, index) => 1 - conversionOf(chain, index) / conversionRate);
  const total = effects.reduce((sum, effect) => sum + effect, 0);
  const contacts = contactsOf(chain);
  return {
    ok: true,
    conversionRate,
    channels: chain.channels.map((channel, index) => ({
      channel,
      removalEffect: effects[index]!,
      share: effects[index]! / total,
      conversions: (conversions * effects[index]!) / total,
      contacts: contacts[index]!
    }))
  };
}

function chainOf(paths: readonly ChannelPath[]): Chain {
  const channels = [...new Set(paths.flatMap((path) => path.channels))];
  const indexOf = new Map(channels.map((channel, index) => [channel, index]));
  const size = channels.length;
  const [start, next, convert] = [size, size * size, size].map((length) => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array
  ];
  const seen = new Float64Array(size);
  let people = 0;
  for (const { channels: steps, conversions, losses } of paths) {
    const travellers = conversions + losses;
    const indices = steps.map((channel) => indexOf.get(channel)!);
    people += travellers;
    start[indices[0]!]! += travellers;
    convert[indices.at(-1)!]! += conversions;
    indices.forEach((from, step) => {
      seen[from]! += travellers;
      const to = indices[step + 1];
      if (to !== undefined) next[from * size + to]! += travellers;
    });
  }
  return {
    channels,
    start: start.map((count) => count / people),
    next: next.map((count, k) => count / seen[Math.floor(k / size)]!),
    convert: convert.map((count, k) => count / seen[k]!)
  };
}

/** P(conversion) = start (I - next)^-1 convert, with the rows and the start of a removed channel set to 0. */
function conversionOf(chain: Chain, removed: number | null): number {
  const size = chain.channels.length;
  const next = chain.next.map((chance, k) => (Math.floor(k / size) === removed ? 0 : chance));
  const convert = chain.convert.map((chance, k) => (k === removed ? 0 : chance));
  const reach = solve(factorize(identityMinus(next, size), size), convert);
  return chain.start.reduce((sum, chance, k) => sum + chance * reach[k]!, 0);
}

/** Expected contacts: the solution of n = start + n next. */
function contactsOf({ channels, start, next }: Chain): Float64Array {
  const size = channels.length;
  const transposed = next.map((_, k) => next[(k % size) * size + Math.floor(k / size)]!);
  return solve(factorize(identityMinus(transposed, size), size), start);
}

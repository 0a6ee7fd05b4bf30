import type { LinkId } from './ids.ts';
import { LIMITS } from './limits.ts';

/*
 * What a card says besides its text (rules F1 ... in SPEC.md): colour, tags, evidence, how sure it is, whose it is, and
 * for a touchpoint where it happens.
 */

/** Names of colours, each shown in a shade of the theme. Unset: the lane's hue. */
export const CARD_COLORS = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
  'gray'
] as const;
export type CardColor = (typeof CARD_COLORS)[number];

/** By which way customer and company meet (S0.2, S3.16). */
export const CHANNELS = [
  'web',
  'app',
  'email',
  'phone',
  'chat',
  'store',
  'post',
  'social',
  'ad',
  'event',
  'other'
] as const;
export type Channel = (typeof CHANNELS)[number];

/** S0.2. */
export const MEDIA = ['online', 'offline'] as const;
export type Medium = (typeof MEDIA)[number];

/** S3.16: a review site or a competitor's site is not ours. */
export const OWNERSHIPS = ['owned', 'unowned'] as const;
export type Ownership = (typeof OWNERSHIPS)[number];

/** The three classes of touchpoints (S1.11). */
export const PHASES = ['pre-purchase', 'purchase', 'post-purchase'] as const;
export type Phase = (typeof PHASES)[number];

/** What a card hurts or pleases, 1 (a little) to 3 (very much); S0.14. */
export const SENTIMENTS = ['pain', 'delight'] as const;
export const SEVERITIES = [1, 2, 3] as const;
export type Severity = (typeof SEVERITIES)[number];
export interface Sentiment {
  readonly kind: (typeof SENTIMENTS)[number];
  readonly severity: Severity;
}

/** How well a card is known (S1.56). */
export const CONFIDENCES = ['guessed', 'partly-backed', 'measured'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** A page that backs a card. */
export interface EvidenceLink {
  readonly id: LinkId;
  readonly url: string; // http or https
  readonly title: string; // may be empty
  readonly rank: string;
}

export interface CardFacets {
  readonly color: CardColor | null;
  readonly tags: readonly string[]; // as written, in order of their keys, each key once
  readonly links: readonly EvidenceLink[]; // by rank
  readonly channel: Channel | null;
  readonly medium: Medium | null;
  readonly ownership: Ownership | null;
  readonly phase: Phase | null;
  readonly sentiment: Sentiment | null;
  readonly confidence: Confidence | null;
  readonly owner: string; // a name; empty: nobody
}

/** The facets that hold one value each. */
export type PlainFacet = Exclude<keyof CardFacets, 'tags' | 'links'>;

/** A card of which nothing more is said. Shared by all of them. */
export const BARE_FACETS: CardFacets = Object.freeze({
  color: null,
  tags: [],
  links: [],
  channel: null,
  medium: null,
  ownership: null,
  phase: null,
  sentiment: null,
  confidence: null,
  owner: ''
});

/** A tag as it is kept: white space tidied, cut to `LIMITS.tag`. Empty when nothing is left. */
export const tidyTag = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/^[#\s]+/, '')
    .slice(0, LIMITS.tag)
    .toWellFormed()
    .trim();

/** What makes two tags the same: "Onboarding" and "onboarding" are one. Empty for what is no tag. */
export const tagKey = (text: string): string => tidyTag(text).toLowerCase();

/**
 * True when `text` is an address that can be opened without a thought: http or https with a host, no name or password
 * in it, no white space, at most `LIMITS.url` long.
 */
export function isEvidenceUrl(text: string): boolean {
  if (text.length > LIMITS.url || !/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text))
    return false;
  const { username, password, hostname } = new URL(text);
  return username === '' && password === '' && hostname !== '';
}

/** What somebody typed as an address: without a scheme it is https. Null when it cannot be one. */
export function typedUrl(text: string): string | null {
  const typed = text.trim();
  const address = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(typed) ? typed : `https://${typed}`;
  return isEvidenceUrl(address) ? address : null;
}

const byKey = (a: string, b: string): number => {
  const [first, second] = [tagKey(a), tagKey(b)];
  return first < second ? -1 : first > second ? 1 : 0;
};

/** Tags in the order of a document: by key, each key once, what is no tag left out, at most `LIMITS.cardTags`. */
export function tagList(tags: Iterable<string>): readonly string[] {
  const byTag = new Map<string, string>();
  for (const tag of tags) {
    const key = tagKey(tag);
    if (key !== '' && !byTag.has(key)) byTag.set(key, tidyTag(tag));
  }
  return [...byTag.values()].sort(byKey).slice(0, LIMITS.cardTags);
}

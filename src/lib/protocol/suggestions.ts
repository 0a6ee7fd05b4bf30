import type { CommentPerson } from './comments.ts';

export const SUGGESTION_STATES = ['open', 'accepted', 'declined', 'withdrawn'] as const;
export type SuggestionState = (typeof SUGGESTION_STATES)[number];

/** Bounds of suggestions, in characters or counts. */
export const SUGGESTION_LIMITS = { why: 1000, atOnce: 100, openOnMap: 1000 } as const;

/** How long accepting takes at most; then others may try. In ms. */
export const HOLD_MS = 15_000;

/** An edit that somebody proposes. `Change` is a SuggestedChange of the journey. Times are ISO 8601 in UTC. */
export interface Suggestion<Change = unknown> {
  readonly id: string;
  readonly author: CommentPerson | null; // stamped by the server; null: their account is gone
  readonly change: Change;
  /** What it changes, in the words of the map when it was made. */
  readonly about: string;
  readonly why: string | null;
  readonly state: SuggestionState;
  readonly createdAt: string;
  readonly decidedBy: CommentPerson | null;
  readonly decidedAt: string | null;
  readonly reason: string | null;
  /** CLV of the baseline without and with an accepted one; null where it changed no number or the map has no value. */
  readonly clv: { readonly before: number; readonly after: number } | null;
}

export interface SuggestionPage<Change = unknown> {
  readonly suggestions: readonly Suggestion<Change>[]; // newest first
  readonly next: string | null;
}

/** The topic of the poke that says a map's suggestions have changed. */
export const SUGGESTIONS_TOPIC = 'suggestions';

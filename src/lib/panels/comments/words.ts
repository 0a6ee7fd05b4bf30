import type { Verdict } from '#lib/collab/comments.ts';

/** What a decision is called before and after it is given. */
export const VERDICT_WORDS: Readonly<Record<Verdict, { readonly press: string; readonly said: string }>> = {
  approve: { press: 'Approve', said: '✓ Approved' },
  decline: { press: 'Decline', said: '✕ Declined' },
  ask: { press: 'Ask', said: '? Asked for more' }
};

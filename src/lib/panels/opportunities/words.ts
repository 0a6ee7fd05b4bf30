import type { OpportunityScore, OpportunityStatus } from '#lib/journey/records.ts';

export const STATUS_NAMES: Readonly<Record<OpportunityStatus, string>> = {
  idea: 'Idea',
  planned: 'Planned',
  doing: 'Under way',
  done: 'Done',
  dropped: 'Dropped'
};

export const SCORE_NAMES: Readonly<Record<OpportunityScore, string>> = {
  satisfaction: 'Customer satisfaction',
  business: 'Business',
  feasibility: 'Feasibility'
};

/** An opportunity's name in a sentence. */
export const nameOf = ({ name }: { readonly name: string }): string => name.trim() || 'Unnamed opportunity';

/** "A", "A and B", "A, B and C". */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

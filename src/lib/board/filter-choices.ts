import { CARD_COLORS, CONFIDENCES, tagKey } from '#lib/journey/card-facets.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Authors, CardFilter } from '#lib/journey/views.ts';

export interface FilterChoice {
  readonly part: keyof CardFilter;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

const words = (text: string): string => {
  const spaced = text.replaceAll('-', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

const named = (values: Iterable<string>): { value: string; label: string }[] =>
  [...values].sort((a, b) => a.localeCompare(b)).map((value) => ({ value, label: value }));

/** What cards can be filtered by on this map: only what some card of it has. `authors`: those that the server knows. */
export function filterChoices(
  { lanes, cards }: Journey,
  authors: FilterChoice['options']
): readonly FilterChoice[] {
  const tags = new Map<string, string>();
  const owners = new Set<string>();
  const colors = new Set<string>();
  const confidences = new Set<string>();
  for (const { facets } of cards) {
    for (const tag of facets.tags) if (!tags.has(tagKey(tag))) tags.set(tagKey(tag), tag);
    if (facets.owner !== '') owners.add(facets.owner);
    if (facets.color !== null) colors.add(facets.color);
    if (facets.confidence !== null) confidences.add(facets.confidence);
  }
  const known = (all: readonly string[], used: ReadonlySet<string>) =>
    all.filter((value) => used.has(value)).map((value) => ({ value, label: words(value) }));
  const choices: readonly FilterChoice[] = [
    { part: 'lane', label: 'Lane', options: lanes.map(({ id, name }) => ({ value: id, label: name })) },
    { part: 'tag', label: 'Tag', options: named(tags.values()) },
    { part: 'owner', label: 'Owner', options: named(owners) },
    { part: 'author', label: 'Author', options: authors },
    { part: 'confidence', label: 'Confidence', options: known(CONFIDENCES, confidences) },
    { part: 'color', label: 'Colour', options: known(CARD_COLORS, colors) }
  ];
  return choices.filter(({ options }) => options.length > 0);
}

/** Account ids by card, from the cards of each account. */
export const authorsByCard = (cards: Readonly<Record<string, readonly string[]>>): Authors =>
  new Map(Object.entries(cards).flatMap(([author, ids]) => ids.map((id) => [id, author] as const)));

import type { CardId, LaneId, StageId } from './ids.ts';
import { placeExists, placeOf, type MetricKey } from './metrics.ts';
import type { Card, Journey } from './records.ts';

/** A cell of the grid. */
export interface CellOf {
  readonly lane: LaneId;
  readonly stage: StageId;
}

/** An edit that somebody proposes, with what was there when they did. A number that is not set is null. */
export type SuggestedChange =
  | { readonly kind: 'text'; readonly card: CardId; readonly from: string; readonly to: string }
  /** The card gets this very id, so that accepting it twice adds it once. */
  | ({ readonly kind: 'add'; readonly card: CardId; readonly text: string } & CellOf)
  | { readonly kind: 'remove'; readonly card: CardId; readonly from: string }
  | { readonly kind: 'move'; readonly card: CardId; readonly from: CellOf; readonly to: CellOf }
  | {
      readonly kind: 'metric';
      readonly key: MetricKey;
      readonly from: number | null;
      readonly to: number | null;
    };

/**
 * How a suggestion stands to the map as it is now. `open`: what it was made for is still so. `already`: the map says it.
 * `changed`: somebody has changed the same thing meanwhile. `gone`: what it is about is no longer there.
 */
export type Standing = 'open' | 'already' | 'changed' | 'gone';

export function standingOf(change: SuggestedChange, journey: Journey): Standing {
  const card = change.kind === 'metric' ? undefined : cardOf(journey, change.card);
  switch (change.kind) {
    case 'text':
      return card === undefined ? 'gone' : between(card.text, change.from, change.to);
    case 'add':
      if (card !== undefined) return 'already';
      return hasCell(journey, change) ? 'open' : 'gone';
    case 'remove':
      if (card === undefined) return 'already';
      return card.text === change.from ? 'open' : 'changed';
    case 'move': {
      if (card === undefined || !hasCell(journey, change.to)) return 'gone';
      return between(`${card.lane}/${card.stage}`, nameOf(change.from), nameOf(change.to));
    }
    case 'metric': {
      const place = placeOf(change.key);
      if (place === null || !placeExists(place, journey)) return 'gone';
      return between(numberAt(journey, change.key), change.from, change.to);
    }
  }
}

/** What the map says now where a suggestion would change it, as its `from` says it; null for a new card. */
export function nowAt(change: SuggestedChange, journey: Journey): string | number | null {
  if (change.kind === 'metric') return numberAt(journey, change.key);
  return change.kind === 'add' ? null : (cardOf(journey, change.card)?.text ?? null);
}

/** The numbers of a map with suggestions accepted; a journey that none of them changes in its numbers is answered as it is. */
export function withNumbers(journey: Journey, changes: readonly SuggestedChange[]): Journey {
  const numbers = changes.filter((change) => change.kind === 'metric');
  if (numbers.length === 0) return journey;
  const metrics = new Map(journey.metrics);
  for (const { key, to } of numbers) {
    if (to === null) metrics.delete(key);
    else metrics.set(key, to);
  }
  return { ...journey, metrics };
}

/** The suggestion that would take another one back. */
export const reversed = (change: SuggestedChange): SuggestedChange =>
  change.kind === 'metric' ? { ...change, from: change.to, to: change.from } : change;

/** What would have to be done to a map so that its cards and numbers are those of another; `to` is the other. */
export function suggestedChanges(from: Journey, to: Journey): readonly SuggestedChange[] {
  const changes: SuggestedChange[] = [];
  const before = new Map(from.cards.map((card) => [card.id, card]));
  const after = new Set(to.cards.map(({ id }) => id));
  for (const card of to.cards) {
    const was = before.get(card.id);
    if (was === undefined) {
      changes.push({
        kind: 'add',
        card: card.id,
        text: card.text,
        lane: card.lane,
        stage: card.stage
      });
      continue;
    }
    if (was.text !== card.text) changes.push({ kind: 'text', card: card.id, from: was.text, to: card.text });
    if (was.lane !== card.lane || was.stage !== card.stage)
      changes.push({ kind: 'move', card: card.id, from: cellOf(was), to: cellOf(card) });
  }
  for (const card of from.cards)
    if (!after.has(card.id)) changes.push({ kind: 'remove', card: card.id, from: card.text });
  for (const key of new Set([...from.metrics.keys(), ...to.metrics.keys()])) {
    const [was, is] = [numberAt(from, key), numberAt(to, key)];
    if (was !== is) changes.push({ kind: 'metric', key, from: was, to: is });
  }
  return changes;
}

const between = <T>(now: T, from: T, to: T): Standing =>
  now === to ? 'already' : now === from ? 'open' : 'changed';

const cellOf = ({ lane, stage }: Card): CellOf => ({ lane, stage });

const nameOf = ({ lane, stage }: CellOf): string => `${lane}/${stage}`;

const cardOf = ({ cards }: Journey, id: CardId): Card | undefined => cards.find((card) => card.id === id);

const hasCell = ({ lanes, stages }: Journey, cell: CellOf): boolean =>
  lanes.some(({ id }) => id === cell.lane) && stages.some(({ id }) => id === cell.stage);

const numberAt = ({ metrics }: Journey, key: MetricKey): number | null => metrics.get(key) ?? null;

import * as Y from 'yjs';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { placeOf } from '#lib/journey/metrics.ts';
import { rankAt } from '#lib/journey/order.ts';
import type { CellOf, SuggestedChange } from '#lib/journey/suggestion.ts';
import { rootsOf, type Roots } from './layout.ts';
import { setWords, stateOf, documentOf } from './state.ts';
import { JourneyDocument } from './journey-document.ts';
import { cardRecord } from './write.ts';

/** Makes a suggested edit. What it is about may have changed; where it is gone nothing happens. */
export function applySuggestion(doc: Y.Doc, change: SuggestedChange): void {
  const roots = rootsOf(doc);
  const card = change.kind === 'metric' ? undefined : roots.cards.get(change.card);
  switch (change.kind) {
    case 'text': {
      const text = card?.get('text');
      if (text instanceof Y.Text) setWords(text, change.to.slice(0, LIMITS.cardText));
      return;
    }
    case 'add': {
      if (card !== undefined || !roots.lanes.has(change.lane) || !roots.stages.has(change.stage)) return;
      const { card: id, text, lane, stage } = change;
      const record = { id, lane, stage, text: text.slice(0, LIMITS.cardText), facets: BARE_FACETS };
      roots.cards.set(id, cardRecord({ ...record, rank: lastRank(roots, change) }));
      return;
    }
    case 'remove':
      roots.cards.delete(change.card);
      return;
    case 'move':
      card?.set('lane', change.to.lane);
      card?.set('stage', change.to.stage);
      card?.set('rank', lastRank(roots, change.to));
      return;
    case 'metric': {
      // An arrow that was drawn stays drawn without its number.
      const drawn = placeOf(change.key)?.on === 'transition';
      if (change.to !== null) roots.metrics.set(change.key, change.to);
      else if (drawn) roots.metrics.set(change.key, null);
      else roots.metrics.delete(change.key);
    }
  }
}

/** The rank behind all cards of a cell. */
function lastRank({ cards }: Roots, { lane, stage }: CellOf): string {
  const here = [...cards.entries()]
    .filter(([, card]) => card.get('lane') === lane && card.get('stage') === stage)
    .map(([id, card]) => ({ id, rank: String(card.get('rank')) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return rankAt(here, here.length);
}

/** A copy of a map to try edits on: what happens on the map comes along, what happens on the copy stays there. */
export interface Fork {
  readonly document: JourneyDocument;
  destroy(): void;
}

export function forkOf(document: JourneyDocument): Fork {
  const fork = new JourneyDocument(documentOf(stateOf(document.doc).bytes));
  const follow = (update: Uint8Array) => Y.applyUpdate(fork.doc, update, 'the map');
  document.doc.on('update', follow);
  return {
    document: fork,
    destroy: () => document.doc.off('update', follow)
  };
}

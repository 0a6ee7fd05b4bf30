import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import { mayHaveMarks } from '#lib/journey/card-text.ts';
import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import type { Card, Journey } from '#lib/journey/records.ts';
import type { Editing, GestureView } from './types.ts';

/** The id under which a draft stands in the layout. No document can hold it: ids have no colon. */
export const DRAFT = 'draft:' as CardId;

/** The journey as it looks while a gesture lasts or a draft is open. Equal to `journey` otherwise. */
export function previewOf(journey: Journey, gesture: GestureView, editing: Editing | null): Journey {
  const shown =
    editing?.kind === 'draft'
      ? withDraft(journey, editing)
      : editing?.kind === 'card'
        ? withOpen(journey, editing.id)
        : journey;
  switch (gesture.kind) {
    case 'stageWidth':
      return withWidth(shown, gesture.id, gesture.width);
    case 'laneHeight':
      return withHeight(shown, gesture.id, gesture.height);
    case 'feeling': {
      const metrics = new Map(shown.metrics);
      metrics.set(cellKey(gesture.lane, gesture.stage, 'feeling'), gesture.score);
      return { ...shown, metrics };
    }
    case 'none':
    case 'panning':
    case 'marquee':
    case 'cards':
    case 'objects':
    case 'erasing':
    case 'laser':
    case 'stageMove':
    case 'laneMove':
      return shown;
  }
}

const copies = new WeakMap<Card, Card>();
const open = new WeakSet<Card>();

/** True for a card whose text is open: it stands with its signs, as the text field over it has them. */
export const isOpen = (card: Card): boolean => open.has(card);

/** The journey with an open card that is another object than the closed one, since it is laid out otherwise. */
function withOpen(journey: Journey, id: CardId): Journey {
  const index = journey.cards.findIndex((card) => card.id === id);
  const card = journey.cards[index];
  if (card === undefined || !mayHaveMarks(card.text)) return journey;
  const copy = copies.get(card) ?? { ...card };
  copies.set(card, copy);
  open.add(copy);
  return { ...journey, cards: journey.cards.with(index, copy) };
}

function withDraft(journey: Journey, draft: { lane: LaneId; stage: StageId; text: string }): Journey {
  const card: Card = {
    id: DRAFT,
    lane: draft.lane,
    stage: draft.stage,
    rank: '',
    text: draft.text,
    facets: BARE_FACETS
  };
  // At the end of its cell, where the cell has cards: the cards of a cell stand together.
  const last = journey.cards.findLastIndex(({ lane, stage }) => lane === draft.lane && stage === draft.stage);
  return {
    ...journey,
    cards: journey.cards.toSpliced(last === -1 ? journey.cards.length : last + 1, 0, card)
  };
}

const withWidth = (journey: Journey, id: StageId, width: number): Journey => ({
  ...journey,
  stages: journey.stages.map((stage) => (stage.id === id ? { ...stage, width } : stage))
});

const withHeight = (journey: Journey, id: LaneId, height: number): Journey => ({
  ...journey,
  lanes: journey.lanes.map((lane) => (lane.id === id ? { ...lane, height } : lane))
});

import { cellsOfRange } from '#lib/canvas/editor/cell-range.ts';
import { costLabel, feelingName, stageFigures } from '#lib/canvas/editor/labels.ts';
import type { CellPlace } from '#lib/canvas/editor/types.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import { hasText } from '#lib/journey/objects.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { BoardSession } from './board-session.svelte.ts';
import { KIND_NAMES } from './object-words.ts';

const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`;

/** What is selected, in a sentence or two, for those who hear the board. */
export function describeSelection({
  journey,
  selection
}: Pick<BoardSession, 'journey' | 'selection'>): string {
  switch (selection.kind) {
    case 'none':
      return 'Nothing is selected.';
    case 'cards': {
      if (selection.ids.length > 1) return `${selection.ids.length} cards are selected.`;
      const card = journey.cards.find(({ id }) => id === selection.ids[0]);
      if (card === undefined) return 'Nothing is selected.';
      const within = journey.cards.filter(({ lane, stage }) => lane === card.lane && stage === card.stage);
      const place = within.findIndex(({ id }) => id === card.id) + 1;
      return `Card ${place} of ${within.length} in ${placeName(journey, card)}: ${card.text}`;
    }
    case 'cell': {
      if (selection.to === undefined) return describeCell(journey, selection);
      const cells = cellsOfRange(journey, selection).length;
      return `${counted(cells, 'cell')} are selected, from ${placeName(journey, selection)} to ${placeName(journey, selection.to)}.`;
    }
    case 'stage': {
      const index = journey.stages.findIndex(({ id }) => id === selection.id);
      const stage = journey.stages[index];
      if (stage === undefined) return 'Nothing is selected.';
      const cards = journey.cards.filter((card) => card.stage === stage.id).length;
      const figures = stageFigures(journey, stage).map((figure) => ` ${figure}.`);
      return `Stage ${stage.name}, ${index + 1} of ${journey.stages.length}, ${counted(cards, 'card')}.${figures.join('')}`;
    }
    case 'lane': {
      const index = journey.lanes.findIndex(({ id }) => id === selection.id);
      const lane = journey.lanes[index];
      const cards = journey.cards.filter((card) => card.lane === selection.id).length;
      return `Lane ${lane?.name ?? ''}, ${index + 1} of ${journey.lanes.length}, ${counted(cards, 'card')}.`;
    }
    case 'objects':
      return describeObjects(journey, selection.ids, selection.cards.length);
    case 'transition': {
      const name = (id: string) => journey.stages.find((stage) => stage.id === id)?.name ?? '';
      return `The way from ${name(selection.from)} to ${name(selection.to)}.`;
    }
  }
}

function describeObjects({ objects }: Journey, ids: readonly string[], cards: number): string {
  if (ids.length + cards > 1) {
    const others = cards === 0 ? '' : ` and ${counted(cards, 'card')}`;
    return `${counted(ids.length, 'object')}${others} are selected.`;
  }
  const index = objects.findIndex(({ id }) => id === ids[0]);
  const object = objects[index];
  if (object === undefined) return 'Nothing is selected.';
  const words = hasText(object) ? object.text : object.kind === 'stamp' ? object.emoji : '';
  const locked = object.locked ? ', locked' : '';
  const color = object.kind === 'image' || object.kind === 'stamp' ? '' : `, ${object.color}`;
  const said = words === '' ? (object.kind === 'image' ? ', not described yet' : '') : `: ${words}`;
  return `${KIND_NAMES[object.kind]}, object ${index + 1} of ${objects.length}${color}${locked}${said}.`;
}

function placeName({ stages, lanes }: Journey, place: CellPlace): string {
  const stage = stages.find(({ id }) => id === place.stage)?.name ?? '';
  return `${lanes.find(({ id }) => id === place.lane)?.name ?? ''}, ${stage}`;
}

function describeCell(journey: Journey, place: CellPlace): string {
  const cards = journey.cards.filter(({ lane, stage }) => lane === place.lane && stage === place.stage);
  const texts =
    cards.length === 0
      ? 'empty'
      : `${counted(cards.length, 'card')}: ${cards.map(({ text }) => text).join('; ')}`;
  const feeling = journey.metrics.get(cellKey(place.lane, place.stage, 'feeling'));
  const cost = costLabel(journey, place);
  return [
    `${placeName(journey, place)}: ${texts}.`,
    typeof feeling === 'number' ? `Feeling: ${feelingName(feeling)}.` : '',
    cost === null ? '' : `Cost ${cost}.`
  ]
    .join(' ')
    .trim();
}

import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import type { LaneKind } from '#lib/journey/records.ts';
import { tagKey } from '#lib/journey/card-facets.ts';
import type { CardLayout } from '../geometry/cell-layout.ts';
import { cellsOfRange } from './cell-range.ts';
import { moveCards } from './drags.ts';
import type { Editor } from './editor.ts';
import { duplicateObjects, removeObjects } from './object-edits.ts';
import { settled } from './connecting.ts';
import { NOTHING, type CellSelection } from './selection.ts';
import type { CellPlace } from './types.ts';

/*
 * Edits that keys, menus and buttons share. Each is one undo step, does nothing for somebody who may not edit, and
 * leaves selected what it made or moved.
 */

/** Adds a stage before the `index`th of all stages and opens its name. */
export function addStage(editor: Editor, index: number): StageId | null {
  if (!editor.canEdit) return null;
  const id = editor.document.addStage({ name: 'New stage', index });
  editor.select({ kind: 'stage', id });
  editor.revealSelection();
  editor.edit({ kind: 'stage', id });
  return id;
}

/** Adds a lane before the `index`th and opens its name. */
export function addLane(editor: Editor, index: number, kind: LaneKind = 'notes'): LaneId | null {
  if (!editor.canEdit) return null;
  const id = editor.document.addLane({ name: 'New lane', kind, index });
  editor.select({ kind: 'lane', id });
  editor.revealSelection();
  editor.edit({ kind: 'lane', id });
  return id;
}

/** Removes what is selected; the sentence says what went, null when nothing did. */
export function removeSelection(editor: Editor): string | null {
  const { selection, document, journey } = editor;
  if (!editor.canEdit) return null;
  const cardsWhere = (matches: (card: { lane: LaneId; stage: StageId }) => boolean) => {
    const count = journey.cards.filter(matches).length;
    return count === 0 ? '' : ` with ${count} ${count === 1 ? 'card' : 'cards'}`;
  };
  switch (selection.kind) {
    case 'none':
      return null;
    case 'cell':
      return emptyCells(editor, selection);
    case 'cards': {
      const place = editor.focusCell;
      const count = selection.ids.length;
      removeSettled(editor, selection.ids, () => document.removeCards(selection.ids));
      editor.select(place === null ? NOTHING : { kind: 'cell', ...place });
      return count === 1 ? 'Removed a card.' : `Removed ${count} cards.`;
    }
    case 'objects':
      return removeObjects(editor, selection.cards);
    case 'stage': {
      const stage = journey.stages.find(({ id }) => id === selection.id);
      const sentence = `Removed stage “${stage?.name ?? ''}”${cardsWhere((card) => card.stage === selection.id)}.`;
      const gone = journey.cards.filter((card) => card.stage === selection.id).map(({ id }) => id);
      removeSettled(editor, [selection.id, ...gone], () => document.removeStage(selection.id));
      return sentence;
    }
    case 'lane': {
      const lane = journey.lanes.find(({ id }) => id === selection.id);
      const sentence = `Removed lane “${lane?.name ?? ''}”${cardsWhere((card) => card.lane === selection.id)}.`;
      const gone = journey.cards.filter((card) => card.lane === selection.id).map(({ id }) => id);
      removeSettled(editor, [selection.id, ...gone], () => document.removeLane(selection.id));
      return sentence;
    }
    case 'transition':
      document.removeTransition(selection.from, selection.to);
      return 'Removed an arrow.';
  }
}

/** Removes things of the grid as one step, with the connectors that held on to them left where they are. */
function removeSettled(editor: Editor, ids: readonly string[], remove: () => void): void {
  editor.document.step(() => {
    const changes = settled(editor, new Set(ids));
    if (changes.length > 0) editor.document.objects.change(changes);
    remove();
  });
}

/** Copies what is selected and selects the copies: a card right below itself, an object a little aside. */
export function duplicateSelection(editor: Editor): void {
  const { selection, document, journey } = editor;
  if (selection.kind === 'objects') return duplicateObjects(editor);
  if (!editor.canEdit || selection.kind !== 'cards') return;
  const chosen = new Set<CardId>(selection.ids);
  const originals = journey.cards.filter(({ id }) => chosen.has(id));
  const ids = document.step(() =>
    originals.flatMap((card) => {
      const { lane, stage } = card;
      const index = document.cardsIn(lane, stage).findIndex(({ id }) => id === card.id) + 1;
      return document.insertCards([card], { lane, stage, index });
    })
  );
  editor.select({ kind: 'cards', ids });
}

/** Sets the feeling of the cell in focus. False when that is no feelings cell. */
export function setFeeling(editor: Editor, score: number): boolean {
  const place = editor.focusCell;
  const lane = editor.journey.lanes.find(({ id }) => id === place?.lane);
  if (!editor.canEdit || place === null || lane?.kind !== 'feelings') return false;
  editor.setMetric(cellKey(place.lane, place.stage, 'feeling'), score);
  return true;
}

/** The cell next to one, `dx` stages and `dy` lanes away; null over the edge. */
export function neighbour(editor: Editor, place: CellPlace, dx: number, dy: number): CellPlace | null {
  const { stages, lanes } = editor.journey;
  const stage = stages[stages.findIndex(({ id }) => id === place.stage) + dx];
  const lane = lanes[lanes.findIndex(({ id }) => id === place.lane) + dy];
  return stage === undefined || lane === undefined ? null : { stage: stage.id, lane: lane.id };
}

/** Moves each selected card into the cell next to its own, at its end; those at the edge of the grid stay. One step. */
export function moveSelectedCards(editor: Editor, dx: number, dy: number): void {
  const { selection, document, journey } = editor;
  if (!editor.canEdit || selection.kind !== 'cards') return;
  const chosen = new Set<CardId>(selection.ids);
  const byTarget = new Map<string, { to: CellPlace; ids: CardId[] }>();
  for (const card of journey.cards) {
    const to = chosen.has(card.id) ? neighbour(editor, card, dx, dy) : null;
    if (to === null) continue;
    const key = `${to.lane}/${to.stage}`;
    const group = byTarget.get(key) ?? { to, ids: [] };
    group.ids.push(card.id);
    byTarget.set(key, group);
  }
  if (byTarget.size === 0) return;
  document.step(() => {
    for (const { to, ids } of byTarget.values())
      moveCards(editor, ids, { ...to, index: document.cardsIn(to.lane, to.stage).length });
  });
  editor.revealSelection();
}

/** Empties the cells of the selected range of cards, feelings and costs. The sentence says what went. */
function emptyCells(editor: Editor, range: CellSelection): string | null {
  const { document, journey } = editor;
  const cells = cellsOfRange(journey, range);
  // Only what is seen: a filter or a folded lane must not hide what Delete takes.
  const shown = cells.flatMap(({ lane, stage }) => editor.layout.cells.get(lane, stage) ?? []);
  const cards = shown.flatMap((cell) => cell.cards.map(({ card }) => card));
  const { scenario } = editor;
  const inForce = scenario === null ? journey.metrics : editor.overrides;
  const numbers = shown
    .flatMap(({ lane, stage }) => [cellKey(lane.id, stage.id, 'feeling'), cellKey(lane.id, stage.id, 'cost')])
    .filter((key) => inForce.has(key));
  if (cards.length + numbers.length === 0) return null;
  document.step(() => {
    document.removeCards(cards.map(({ id }) => id));
    for (const key of numbers)
      if (scenario === null) document.setMetric(key, undefined);
      else document.setOverride(scenario, key, undefined);
  });
  const parts = [counted(cards.length, 'card'), counted(numbers.length, 'number')].filter(
    (part) => part !== ''
  );
  return `Removed ${parts.join(' and ')}.`;
}

const counted = (count: number, noun: string): string =>
  count === 0 ? '' : count === 1 ? `a ${noun}` : `${count} ${noun}s`;

/** Makes a selected stage wider or a lane higher by board units, within their limits. */
export function resizeHead(editor: Editor, by: number): void {
  const { selection, document, journey, layout } = editor;
  if (!editor.canEdit) return;
  if (selection.kind === 'stage') {
    const stage = journey.stages.find(({ id }) => id === selection.id);
    if (stage !== undefined) document.resizeStage(selection.id, stage.width + by);
  }
  if (selection.kind === 'lane') {
    const row = layout.rows.find(({ lane }) => lane.id === selection.id);
    if (row !== undefined) document.resizeLane(selection.id, row.height + by);
  }
}

/** Moves a stage one place left or right among the columns, or a lane up or down. */
export function moveHead(editor: Editor, by: 1 | -1): void {
  const { selection, document, journey } = editor;
  if (!editor.canEdit) return;
  if (selection.kind === 'lane') {
    const index = journey.lanes.findIndex(({ id }) => id === selection.id) + by;
    if (index >= 0 && index < journey.lanes.length) document.moveLane(selection.id, index);
  }
  if (selection.kind === 'stage') {
    const index = journey.stages.findIndex(({ id }) => id === selection.id) + by;
    if (index >= 0 && index < journey.stages.length) document.moveStage(selection.id, index);
  }
}

/** By what cards are alike. */
export type Likeness = 'lane' | 'color' | 'tag';

/** Selects every card in sight that is like one of the selected: of a lane of its kind, its colour, or with a tag of its. */
export function selectSimilar(editor: Editor, by: Likeness): boolean {
  const { selection, layout } = editor;
  if (selection.kind !== 'cards') return false;
  const marks = ({ card, lane }: CardLayout): readonly string[] => {
    if (by === 'lane') return [lane.kind];
    if (by === 'color') return [card.facets.color ?? ''];
    return card.facets.tags.map(tagKey);
  };
  const wanted = new Set(
    selection.ids.flatMap((id) => {
      const card = layout.cards.get(id);
      return card === undefined ? [] : marks(card);
    })
  );
  const ids = [...layout.cards.values()]
    .filter((card) => marks(card).some((mark) => wanted.has(mark)))
    .map(({ card }) => card.id);
  if (ids.length === 0) return false;
  editor.select({ kind: 'cards', ids });
  return true;
}

/** Folds the selected (or focused) stage or lane to a strip, or opens it again. False without one. */
export function toggleFold(editor: Editor): boolean {
  const { selection, look } = editor;
  const id = selection.kind === 'stage' || selection.kind === 'lane' ? selection.id : editor.focusCell?.lane;
  if (id === undefined) return false;
  const folded = new Set(look.folded);
  if (!folded.delete(id)) folded.add(id);
  editor.look = { ...look, folded };
  return true;
}

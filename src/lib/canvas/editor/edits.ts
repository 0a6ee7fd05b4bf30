import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import type { LaneKind } from '#lib/journey/records.ts';
import { cellsOfRange } from './cell-range.ts';
import { moveCards } from './drags.ts';
import type { Editor } from './editor.ts';
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
      document.removeCards(selection.ids);
      editor.select(place === null ? NOTHING : { kind: 'cell', ...place });
      return count === 1 ? 'Removed a card.' : `Removed ${count} cards.`;
    }
    case 'stage': {
      const stage = journey.stages.find(({ id }) => id === selection.id);
      const sentence = `Removed stage “${stage?.name ?? ''}”${cardsWhere((card) => card.stage === selection.id)}.`;
      document.removeStage(selection.id);
      return sentence;
    }
    case 'lane': {
      const lane = journey.lanes.find(({ id }) => id === selection.id);
      const sentence = `Removed lane “${lane?.name ?? ''}”${cardsWhere((card) => card.lane === selection.id)}.`;
      document.removeLane(selection.id);
      return sentence;
    }
    case 'transition':
      document.removeTransition(selection.from, selection.to);
      return 'Removed an arrow.';
  }
}

/** Copies the selected cards, each right below itself, and selects the copies. */
export function duplicateCards(editor: Editor): void {
  const { selection, document, journey } = editor;
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
  const inRange = new Set(cells.map(({ lane, stage }) => `${lane}/${stage}`));
  const cards = journey.cards.filter(({ lane, stage }) => inRange.has(`${lane}/${stage}`));
  const numbers = cells
    .flatMap(({ lane, stage }) => [cellKey(lane, stage, 'feeling'), cellKey(lane, stage, 'cost')])
    .filter((key) => journey.metrics.has(key));
  if (cards.length + numbers.length === 0) return null;
  document.step(() => {
    document.removeCards(cards.map(({ id }) => id));
    for (const key of numbers) document.setMetric(key, undefined);
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

import type { CardId } from '#lib/journey/ids.ts';
import { neighbour } from './edits.ts';
import type { Editor } from './editor.ts';
import type { CellPlace } from './types.ts';

/*
 * Keys on the grid. A selected cell moves from cell to cell; a selected card moves from card to card, down a cell and
 * on into the next one. Enter goes from the cell into its text, Escape from a card back to its cell.
 */

/** An arrow key: -1, 0 or 1 stages across and lanes down. */
export function moveFocus(editor: Editor, dx: number, dy: number): void {
  const { selection, journey } = editor;
  if (selection.kind === 'stage' || selection.kind === 'lane') return moveFromHead(editor, dx, dy);
  const place = editor.focusCell;
  if (place === null) return focusFirst(editor);
  if (selection.kind === 'cards') {
    const within = journey.cards.filter((card) => card.lane === place.lane && card.stage === place.stage);
    const index = within.findIndex(({ id }) => id === selection.ids[0]);
    const next = dy === 0 ? undefined : within[index + dy];
    if (next !== undefined) return focusCard(editor, next.id);
    const to = neighbour(editor, place, dx, dy);
    if (to !== null) enterCell(editor, to, dy < 0 ? 'last' : dx === 0 ? 'first' : index);
    return;
  }
  const to = neighbour(editor, place, dx, dy);
  if (to !== null) focusCell(editor, to);
  else if (dy === -1) focusHead(editor, { kind: 'stage', id: place.stage });
  else if (dx === -1) focusHead(editor, { kind: 'lane', id: place.lane });
}

/** Tab: the next cell to the right, then the first of the next lane. False at the end of the grid. */
export function moveToNextCell(editor: Editor, by: 1 | -1): boolean {
  const { stages, lanes } = editor.journey;
  const place = editor.focusCell;
  if (place === null) return false;
  const column = stages.findIndex(({ id }) => id === place.stage);
  const row = lanes.findIndex(({ id }) => id === place.lane);
  const next = row * stages.length + column + by;
  const stage = stages[((next % stages.length) + stages.length) % stages.length];
  const lane = lanes[Math.floor(next / stages.length)];
  if (stage === undefined || lane === undefined) return false;
  focusCell(editor, { stage: stage.id, lane: lane.id });
  return true;
}

/** Enter or F2: opens the text of what is selected. */
export function editSelection(editor: Editor): void {
  const { selection } = editor;
  switch (selection.kind) {
    case 'cards': {
      const [id] = selection.ids;
      if (id !== undefined) editor.edit({ kind: 'card', id });
      return;
    }
    case 'cell': {
      const first = editor.document.cardsIn(selection.lane, selection.stage)[0];
      if (first === undefined) editor.draft(selection);
      else editor.edit({ kind: 'card', id: first.id });
      return;
    }
    case 'stage':
    case 'lane':
      return editor.edit({ kind: selection.kind, id: selection.id } as Parameters<Editor['edit']>[0]);
    case 'none':
    case 'transition':
  }
}

export function focusCell(editor: Editor, place: CellPlace): void {
  editor.select({ kind: 'cell', lane: place.lane, stage: place.stage });
  editor.revealSelection();
}

const focusCard = (editor: Editor, id: CardId): void => {
  editor.select({ kind: 'cards', ids: [id] });
  editor.revealSelection();
};

function focusFirst(editor: Editor): void {
  const [stage] = editor.journey.stages;
  const [lane] = editor.journey.lanes;
  if (stage !== undefined && lane !== undefined) focusCell(editor, { stage: stage.id, lane: lane.id });
}

function focusHead(editor: Editor, head: Parameters<Editor['select']>[0]): void {
  editor.select(head);
  editor.revealSelection();
}

function enterCell(editor: Editor, place: CellPlace, at: number | 'first' | 'last'): void {
  const cards = editor.document.cardsIn(place.lane, place.stage);
  const index = at === 'first' ? 0 : at === 'last' ? cards.length - 1 : Math.min(at, cards.length - 1);
  const card = cards[index];
  if (card === undefined) focusCell(editor, place);
  else focusCard(editor, card.id);
}

function moveFromHead(editor: Editor, dx: number, dy: number): void {
  const { selection, journey } = editor;
  const { stages, lanes } = journey;
  if (selection.kind === 'stage') {
    const index = stages.findIndex(({ id }) => id === selection.id);
    const next = stages[index + dx];
    const [lane] = lanes;
    if (dx !== 0 && next !== undefined) focusHead(editor, { kind: 'stage', id: next.id });
    if (dy === 1 && lane !== undefined) focusCell(editor, { lane: lane.id, stage: selection.id });
  }
  if (selection.kind === 'lane') {
    const index = lanes.findIndex(({ id }) => id === selection.id);
    const next = lanes[index + dy];
    const [stage] = stages;
    if (dy !== 0 && next !== undefined) focusHead(editor, { kind: 'lane', id: next.id });
    if (dx === 1 && stage !== undefined) focusCell(editor, { stage: stage.id, lane: selection.id });
  }
}

import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import type { Card } from '#lib/journey/records.ts';
import { rectToScreen } from '../geometry/camera.ts';
import type { Hit } from '../geometry/hit.ts';
import { screenPoint } from '../geometry/space.ts';
import { hasText } from '#lib/journey/objects.ts';
import { neighbour } from './edits.ts';
import type { Editor } from './editor.ts';
import { rectsOfSelection } from './selecting.ts';
import type { CellPlace } from './types.ts';

/*
 * Keys on the grid. A selected cell moves from cell to cell; a selected card moves from card to card, down a cell and
 * on into the next one. Enter goes from the cell into its text, Escape from a card back to its cell.
 */

/** An arrow key: -1, 0 or 1 stages across and lanes down. */
export function moveFocus(editor: Editor, dx: number, dy: number): void {
  const { selection } = editor;
  if (selection.kind === 'stage' || selection.kind === 'lane') return moveFromHead(editor, dx, dy);
  const place = editor.focusCell;
  if (place === null) return focusFirst(editor);
  if (selection.kind === 'cards') {
    const within = cardsShown(editor, place);
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

/**
 * Shift and an arrow: a range of cells grows from the cell in focus; with cards selected the next card of the cell
 * joins them. False for a stage or a lane.
 */
export function extendFocus(editor: Editor, dx: number, dy: number): boolean {
  const { selection } = editor;
  if (selection.kind === 'cell') {
    const { lane, stage } = selection;
    const to = neighbour(editor, selection.to ?? selection, dx, dy);
    if (to === null) return true;
    const back = to.lane === lane && to.stage === stage;
    editor.select({ kind: 'cell', lane, stage, ...(back ? {} : { to }) });
    const cell = editor.layout.cells.get(to.lane, to.stage);
    if (cell !== undefined) editor.reveal(cell.rect);
    return true;
  }
  if (selection.kind !== 'cards') return false;
  if (dy !== 0) extendCards(editor, selection.ids, dy);
  return true;
}

/** The card after the last selected one joins; going back over a selected one lets the last go. */
function extendCards(editor: Editor, ids: readonly CardId[], dy: number): void {
  const last = editor.journey.cards.find(({ id }) => id === ids.at(-1));
  if (last === undefined) return;
  const within = cardsShown(editor, last);
  const next = within[within.findIndex(({ id }) => id === last.id) + dy];
  if (next === undefined) return;
  const back = ids.includes(next.id);
  editor.select({ kind: 'cards', ids: back ? ids.filter((id) => id !== last.id) : [...ids, next.id] });
  const card = editor.layout.cards.get(next.id);
  if (card !== undefined) editor.reveal(card.rect);
}

/** Where a jump on the grid goes: along the lane, along the stage, or to a corner of the map. */
export type Jump =
  'laneStart' | 'laneEnd' | 'stageTop' | 'stageEnd' | 'first' | 'last' | 'pageUp' | 'pageDown';

/** Home, End, Page up, Page down and Mod with an arrow: moves the cell focus far. False without a cell in focus. */
export function jumpFocus(editor: Editor, jump: Jump): boolean {
  const place = editor.focusCell;
  if (place === null) return false;
  const stages = editor.journey.stages.map(({ id }) => id);
  const lanes = editor.journey.lanes.map(({ id }) => id);
  const to = (stage: StageId | undefined, lane: LaneId | undefined): boolean => {
    if (stage === undefined || lane === undefined) return false;
    focusCell(editor, { stage, lane });
    return true;
  };
  switch (jump) {
    case 'laneStart':
      return to(stages[0], place.lane);
    case 'laneEnd':
      return to(stages.at(-1), place.lane);
    case 'stageTop':
      return to(place.stage, lanes[0]);
    case 'stageEnd':
      return to(place.stage, lanes.at(-1));
    case 'first':
      return to(stages[0], lanes[0]);
    case 'last':
      return to(stages.at(-1), lanes.at(-1));
    case 'pageUp':
      return to(place.stage, laneAPageFrom(editor, place.lane, -1));
    case 'pageDown':
      return to(place.stage, laneAPageFrom(editor, place.lane, 1));
  }
}

/** The lane a view's height away, at least the next one. */
function laneAPageFrom(editor: Editor, lane: LaneId, by: 1 | -1): LaneId | undefined {
  const { rows } = editor.layout;
  const row = rows.findIndex((other) => other.lane.id === lane);
  const target = (rows[row]?.y ?? 0) + (by * editor.frame.body.height) / editor.camera.zoom;
  const found = Math.max(
    0,
    rows.findLastIndex(({ y }) => y <= target)
  );
  const index = by === 1 ? Math.max(found, row + 1) : Math.min(found, row - 1);
  return rows[Math.max(0, Math.min(rows.length - 1, index))]?.lane.id;
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
      const [first] = cardsShown(editor, selection);
      if (first === undefined) editor.draft(selection);
      else editor.edit({ kind: 'card', id: first.id });
      return;
    }
    case 'stage':
    case 'lane':
      return editor.edit({ kind: selection.kind, id: selection.id } as Parameters<Editor['edit']>[0]);
    case 'objects': {
      const [id] = selection.ids;
      const object = editor.journey.objects.find((one) => one.id === id);
      if (object !== undefined && hasText(object) && object.kind !== 'image' && !object.locked)
        editor.edit({ kind: 'object', id: object.id });
      return;
    }
    case 'none':
    case 'transition':
  }
}

/** Shift+F10: the menu of what is selected, where it is on the screen. False where there is none. */
export function openMenuOfSelection(editor: Editor): boolean {
  const { selection, layout, camera, frame } = editor;
  const hit = hitOfSelection(editor);
  const [rect] = rectsOfSelection(layout, editor.objects, selection);
  if (hit === null || rect === undefined) return false;
  const on = rectToScreen(camera, rect);
  const x = Math.max(on.x, selection.kind === 'lane' ? frame.titleLeft : frame.body.x);
  const y = Math.max(on.y, selection.kind === 'stage' ? frame.headerTop : frame.body.y);
  editor.openMenu({ at: screenPoint(x + 24, y + 24), hit });
  return true;
}

function hitOfSelection({ selection, layout }: Editor): Hit | null {
  switch (selection.kind) {
    case 'cards': {
      const card = layout.cards.get(selection.ids[0] as CardId)?.card;
      return card === undefined ? null : { kind: 'card', id: card.id, lane: card.lane, stage: card.stage };
    }
    case 'cell':
      return { kind: 'cell', lane: selection.lane, stage: selection.stage };
    case 'stage':
      return { kind: 'stage', id: selection.id };
    case 'lane':
      return { kind: 'lane', id: selection.id };
    case 'objects': {
      const [id] = selection.ids;
      return id === undefined ? null : { kind: 'object', id };
    }
    case 'none':
    case 'transition':
      return null;
  }
}

/** The cards of a cell that the person sees. */
const cardsShown = ({ layout }: Editor, { lane, stage }: CellPlace): readonly Card[] =>
  layout.cells.get(lane, stage)?.cards.map(({ card }) => card) ?? [];

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
  const cards = cardsShown(editor, place);
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

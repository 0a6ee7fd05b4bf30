import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { hasText } from '#lib/journey/objects.ts';
import { rectToScreen, toBoard } from '../geometry/camera.ts';
import { isOnHeads, type Hit } from '../geometry/hit.ts';
import { distance } from '../geometry/space.ts';
import {
  cardsGesture,
  feelingGesture,
  laneHeightGesture,
  laneMoveGesture,
  marqueeGesture,
  panGesture,
  stageMoveGesture,
  stageWidthGesture
} from './drags.ts';
import { addLane, addStage } from './edits.ts';
import type { Editor } from './editor.ts';
import { EDGE_DELAY, edgeScroll, SLOP, type Gesture } from './gesture.ts';
import { endGesture, moveObjectsGesture, resizeGesture } from './object-drags.ts';
import { NOTHING, objectSelection } from './selection.ts';
import { placedAt } from './tools/box-tool.ts';
import { remarkGesture } from './tools/comment-tool.ts';
import { newBox } from './tools/new-object.ts';
import { gestureOf } from './tools/use-tool.ts';
import type { PointerWord } from './types.ts';

/**
 * What the pointer is in the middle of. A press is not yet decided: released it is a click, moved it is a drag.
 */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pressed'; readonly word: PointerWord; readonly hit: Hit }
  | { readonly kind: 'dragging'; readonly gesture: Gesture; readonly word: PointerWord };

const IDLE: State = { kind: 'idle' };

/** Turns pointer words into clicks and gestures, for the select tool and the hand. */
export class Pointer {
  readonly #editor: Editor;
  #state: State = IDLE;
  #atEdge = 0; // ms

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  down(word: PointerWord): void {
    const editor = this.#editor;
    if (this.#state.kind !== 'idle') this.cancel();
    if (word.button === 'middle' || (editor.tool === 'hand' && word.button !== 'right')) {
      this.#state = { kind: 'dragging', gesture: panGesture(editor, word), word };
      return;
    }
    if (editor.tool === 'comment' && word.button !== 'right' && word.pans !== true) {
      this.#state = { kind: 'dragging', gesture: remarkGesture(editor, word), word };
      return;
    }
    const hit = editor.hit(word.at, word.touch);
    const tool = word.button === 'right' || isOnHeads(hit) ? null : gestureOf(editor.tool, editor, word);
    if (tool !== null) {
      this.#state = { kind: 'dragging', gesture: tool, word };
      return;
    }
    if (word.button === 'right') {
      this.#select(hit, word);
      editor.openMenu({ at: word.at, hit });
      return;
    }
    // Pressed already, so that a drag takes what is under the pointer and not what was selected before.
    if (hit.kind === 'card' && !word.shift && !word.pans && !this.#isSelected(hit.id))
      this.#select(hit, word);
    if (hit.kind === 'object' && !word.shift && !word.pans && !this.#hasObject(hit.id))
      this.#select(hit, word);
    this.#state = { kind: 'pressed', word, hit };
  }

  /** True when the move belonged to a press. */
  move(word: PointerWord): boolean {
    if (this.#state.kind === 'idle') return false;
    if (this.#state.kind === 'pressed') {
      const { word: start, hit } = this.#state;
      if (distance(start.at, word.at) <= (start.touch ? SLOP.touch : SLOP.mouse)) return true;
      this.#state = { kind: 'dragging', gesture: this.#drag(hit, start), word };
    }
    this.#state = { ...this.#state, word };
    this.#state.gesture.move(word);
    return true;
  }

  up(word: PointerWord): void {
    const state = this.#state;
    this.#state = IDLE;
    if (state.kind === 'pressed') this.#click(state.hit, word);
    if (state.kind !== 'dragging') return;
    state.gesture.move(word);
    // What is shown goes first: the document then draws what has become of it.
    this.#editor.show({ kind: 'none' });
    state.gesture.finish();
  }

  cancel(): boolean {
    const state = this.#state;
    this.#state = IDLE;
    if (state.kind !== 'dragging') return state.kind === 'pressed';
    state.gesture.cancel?.();
    this.#editor.show({ kind: 'none' });
    return true;
  }

  get scrolling(): boolean {
    return this.#state.kind === 'dragging' && this.#state.gesture.scrolls;
  }

  tick(ms: number): void {
    if (this.#state.kind !== 'dragging' || !this.#state.gesture.scrolls) return;
    const { gesture, word } = this.#state;
    const editor = this.#editor;
    const all = rectToScreen(editor.camera, editor.bounds);
    const { dx, dy } = edgeScroll(editor.frame, all, word.at, ms);
    this.#atEdge = dx === 0 && dy === 0 ? 0 : this.#atEdge + ms;
    if (this.#atEdge < EDGE_DELAY) return;
    editor.panBy(dx, dy);
    gesture.move(word);
  }

  doubleClick(word: PointerWord): void {
    const editor = this.#editor;
    const hit = editor.hit(word.at, word.touch);
    if (!editor.canEdit || editor.tool !== 'select') return;
    switch (hit.kind) {
      case 'object': {
        const object = editor.objects.get(hit.id)?.object;
        if (object !== undefined && hasText(object) && !object.locked && object.kind !== 'image')
          editor.edit({ kind: 'object', id: hit.id });
        return;
      }
      case 'empty':
        return editor.create(
          newBox('sticky', placedAt('sticky', toBoard(editor.camera, word.at)), editor.style)
        );
      case 'card':
        return editor.edit({ kind: 'card', id: hit.id });
      case 'cell':
        return editor.draft(hit);
      case 'stage':
        return editor.edit({ kind: 'stage', id: hit.id });
      case 'lane':
        return editor.edit({ kind: 'lane', id: hit.id });
      default:
    }
  }

  #isSelected(id: CardId): boolean {
    const { selection } = this.#editor;
    if (selection.kind === 'objects') return selection.cards.includes(id);
    return selection.kind === 'cards' && selection.ids.includes(id);
  }

  #hasObject(id: ObjectId): boolean {
    const { selection } = this.#editor;
    return selection.kind === 'objects' && selection.ids.includes(id);
  }

  #drag(hit: Hit, start: PointerWord): Gesture {
    const editor = this.#editor;
    const open = () =>
      // A finger that pulls at the paper moves the paper.
      start.touch ? panGesture(editor, start) : marqueeGesture(editor, start);
    if (start.pans === true) return panGesture(editor, start);
    if (!editor.canEdit) return open();
    switch (hit.kind) {
      case 'card': {
        if (!this.#isSelected(hit.id)) this.#select(hit, start);
        const { selection } = editor;
        if (selection.kind === 'objects')
          return moveObjectsGesture(editor, start, selection.ids, selection.cards);
        return cardsGesture(editor, start, selection.kind === 'cards' ? selection.ids : [hit.id]);
      }
      case 'object': {
        if (editor.objects.get(hit.id)?.object.locked !== false) return open();
        if (!this.#hasObject(hit.id)) this.#select(hit, start);
        const { selection } = editor;
        return moveObjectsGesture(editor, start, selection.kind === 'objects' ? selection.ids : [hit.id]);
      }
      case 'handle': {
        const { selection } = editor;
        return resizeGesture(editor, start, hit.handle, selection.kind === 'objects' ? selection.ids : []);
      }
      case 'end': {
        const object = editor.objects.get(hit.id)?.object;
        return object === undefined ? open() : endGesture(editor, object, hit.end);
      }
      case 'feeling':
        return feelingGesture(editor, hit);
      case 'stageEdge':
        return stageWidthGesture(editor, start, hit.id);
      case 'laneEdge':
        return laneHeightGesture(editor, start, hit.id);
      case 'stage':
        if (editor.journey.stages.find(({ id }) => id === hit.id)?.band) return open();
        editor.select({ kind: 'stage', id: hit.id });
        return stageMoveGesture(editor, hit.id);
      case 'lane':
        editor.select({ kind: 'lane', id: hit.id });
        return laneMoveGesture(editor, hit.id);
      default:
        return open();
    }
  }

  #click(hit: Hit, word: PointerWord): void {
    const editor = this.#editor;
    switch (hit.kind) {
      case 'addStage':
        addStage(editor, editor.journey.stages.findLastIndex(({ band }) => !band) + 1);
        return;
      case 'addLane':
        addLane(editor, editor.journey.lanes.length);
        return;
      case 'addCard':
        if (editor.canEdit) editor.draft(hit);
        else this.#select(hit, word);
        return;
      case 'stageMenu':
      case 'laneMenu':
        this.#select(hit, word);
        editor.openMenu({ at: word.at, hit });
        return;
      default:
        this.#select(hit, word);
    }
  }

  #select(hit: Hit, word: PointerWord): void {
    const editor = this.#editor;
    switch (hit.kind) {
      case 'object':
        return this.#selectObject(hit.id, word);
      case 'handle':
      case 'end':
        return;
      case 'card': {
        const { selection } = editor;
        if (selection.kind === 'objects' && (word.shift === true || word.button === 'right')) {
          const { ids, cards } = selection;
          if (word.button === 'right' && cards.includes(hit.id)) return;
          if (word.shift === true) return editor.select(objectSelection(ids, toggled(cards, [hit.id])));
        }
        const before = selection.kind === 'cards' ? selection.ids : [];
        if (word.shift !== true) {
          if (word.button === 'right' && before.includes(hit.id)) return;
          return editor.select({ kind: 'cards', ids: [hit.id] });
        }
        const ids = before.includes(hit.id) ? before.filter((id) => id !== hit.id) : [...before, hit.id];
        return editor.select(ids.length > 0 ? { kind: 'cards', ids } : NOTHING);
      }
      case 'cell':
      case 'chip':
      case 'addCard':
      case 'feeling':
        return editor.select({ kind: 'cell', lane: hit.lane, stage: hit.stage });
      case 'stage':
      case 'stageEdge':
      case 'stageMenu':
        return editor.select({ kind: 'stage', id: hit.id });
      case 'lane':
      case 'laneEdge':
      case 'laneMenu':
        return editor.select({ kind: 'lane', id: hit.id });
      case 'way':
        return editor.select({ kind: 'transition', from: hit.from, to: hit.to });
      case 'empty':
      case 'addStage':
      case 'addLane':
        return editor.select(NOTHING);
    }
  }

  /** A press on an object takes its whole group, with Mod the object alone; Shift adds it or takes it out. */
  #selectObject(id: ObjectId, word: PointerWord): void {
    const editor = this.#editor;
    const { selection } = editor;
    const group = word.mod === true ? null : (editor.objects.get(id)?.object.group ?? null);
    const ids =
      group === null
        ? [id]
        : editor.journey.objects.filter((object) => object.group === group).map((object) => object.id);
    if (word.button === 'right' && this.#hasObject(id)) return;
    if (word.shift !== true) return editor.select(objectSelection(ids));
    if (selection.kind === 'objects')
      return editor.select(objectSelection(toggled(selection.ids, ids), selection.cards));
    editor.select(objectSelection(ids, selection.kind === 'cards' ? selection.ids : []));
  }
}

/** A list without some ids when it has them all, else with them. */
function toggled<T extends string>(list: readonly T[], ids: readonly T[]): T[] {
  const rest = list.filter((id) => !ids.includes(id));
  return ids.every((id) => list.includes(id)) ? rest : [...rest, ...ids];
}

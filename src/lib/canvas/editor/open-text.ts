import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { hasText } from '#lib/journey/objects.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { BoardRect } from '../geometry/space.ts';
import { DRAFT } from './preview.ts';
import { objectSelection, type Selection } from './selection.ts';
import type { ShownMap } from './shown-map.ts';
import type { CellPlace, Editing } from './types.ts';

/** What an open text asks of the board around it. */
export interface TextPlace extends Pick<ShownMap, 'document' | 'journey' | 'layout' | 'objects'> {
  readonly canEdit: boolean;
  readonly focusCell: CellPlace | null;
  select(selection: Selection): void;
  reveal(rect: BoardRect): void;
}

/** How the board is told: another text is open, one is about to close, cards are laid out otherwise. */
export interface TextNews {
  readonly editing: () => void;
  readonly finishing: () => void;
  readonly layout: () => void;
}

/** The one text that is open in the text field: of a card, a draft, a name, or an object. */
export class OpenText {
  readonly #place: TextPlace;
  readonly #news: TextNews;
  #editing: Editing | null = null;

  constructor(place: TextPlace, news: TextNews) {
    this.#place = place;
    this.#news = news;
  }

  get editing(): Editing | null {
    return this.#editing;
  }

  /** Opens a text. Does nothing for somebody who may not edit. */
  open(editing: Editing): void {
    const place = this.#place;
    if (!place.canEdit) return;
    this.finish();
    this.#editing = editing;
    if (editing.kind === 'card') place.select({ kind: 'cards', ids: [editing.id] });
    if (editing.kind === 'object') place.select(objectSelection([editing.id]));
    if (editing.kind === 'draft') place.select({ kind: 'cell', lane: editing.lane, stage: editing.stage });
    this.#news.editing();
    if (editing.kind === 'object') {
      const rect = place.objects.get(editing.id)?.rect;
      if (rect !== undefined) place.reveal(rect);
      return;
    }
    this.#news.layout();
    const card = place.layout.cards.get(editing.kind === 'card' ? editing.id : DRAFT);
    if (card !== undefined) place.reveal(card.rect);
  }

  /** Makes a card of the open draft. */
  writeDraft(text: string): CardId | null {
    const draft = this.#editing;
    if (draft?.kind !== 'draft') return null;
    const place = this.#place;
    const id = place.document.addCard({ lane: draft.lane, stage: draft.stage, text });
    this.#editing = { kind: 'card', id };
    place.select({ kind: 'cards', ids: [id] });
    this.#news.editing();
    this.#news.layout();
    return id;
  }

  /** Closes the text, for whatever reason, after what was typed has been written; a card that was emptied goes. */
  finish(): void {
    if (this.#editing === null) return;
    this.#news.finishing();
    const editing = this.#editing; // a draft that was written just now is a card
    const { document } = this.#place;
    this.#editing = null;
    document.endStep();
    if (editing.kind === 'card' && document.cardText(editing.id)?.length === 0) {
      const cell = this.#place.focusCell;
      document.removeCards([editing.id]);
      if (cell !== null) this.#place.select({ kind: 'cell', ...cell });
    }
    if (editing.kind === 'object') this.#dropEmptyText(editing.id);
    this.#news.editing();
    this.#news.layout();
  }

  /** The journey is another one: closes the text without a word when what it belongs to is gone. */
  follow(journey: Journey): void {
    if (this.#editing === null || isThere(this.#editing, journey)) return;
    this.#editing = null;
    this.#news.editing();
  }

  /** A text without words can't be seen: it goes when its field closes. */
  #dropEmptyText(id: ObjectId): void {
    const { journey, document } = this.#place;
    const object = journey.objects.find((one) => one.id === id);
    if (object?.kind === 'text' && object.text === '') document.objects.remove([id]);
  }
}

function isThere(editing: Editing, { cards, stages, lanes, objects }: Journey): boolean {
  switch (editing.kind) {
    case 'card':
      return cards.some(({ id }) => id === editing.id);
    case 'draft':
      return stages.some(({ id }) => id === editing.stage) && lanes.some(({ id }) => id === editing.lane);
    case 'stage':
      return stages.some(({ id }) => id === editing.id);
    case 'lane':
      return lanes.some(({ id }) => id === editing.id);
    case 'object':
      return objects.some((object) => object.id === editing.id && hasText(object));
  }
}

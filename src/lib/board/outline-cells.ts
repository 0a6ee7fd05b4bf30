import type { CardLayout, Cell, CellLayout } from '#lib/canvas/geometry/cell-layout.ts';
import type { CellIndex } from '#lib/canvas/geometry/cell-index.ts';
import { wordsOfCard } from '#lib/journey/card-text.ts';
import { facetsInWords } from '#lib/journey/facet-words.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';

/** Says what a cell holds besides cards: its cost, its feeling. */
export type Aside = (cell: CellLayout) => string;

const AT_ONCE = 64; // cells: a usual map is written in one go
const SLICE = 6; // ms of a slice

interface Slot {
  readonly lane: LaneId;
  readonly stage: StageId;
  readonly element: HTMLElement;
  shown: { readonly cell: Cell | undefined; readonly by: Aside; readonly aside: string } | null;
}

const rectOf = ({ rect }: CardLayout | CellLayout): string =>
  [rect.x, rect.y, rect.width, rect.height].map((part) => Math.round(part * 100) / 100).join(',');

/** A card in words: its text without the signs of marks, then what its badges show. */
const spokenCard = ({ card }: CardLayout): string => {
  const said = facetsInWords(card.facets);
  return said === '' ? wordsOfCard(card.text) : `${wordsOfCard(card.text)} (${said})`;
};

/**
 * Writes the cards of each cell into the cells of the table. Only cells that changed are written, and on a large map
 * in slices while the page has nothing more urgent to do, so that thousands of cards no eye sees delay nothing.
 */
export class OutlineCells {
  readonly #slots = new Map<string, Slot>();
  #cells: CellIndex | null = null;
  #aside: Aside = () => '';
  #stale: Slot[] = [];
  #cancel: (() => void) | null = null;

  /** Takes a cell of the table in hand; the answer lets it go. */
  adopt(lane: LaneId, stage: StageId, element: HTMLElement): () => void {
    const slot: Slot = { lane, stage, element, shown: null };
    const key = `${lane}/${stage}`;
    this.#slots.set(key, slot);
    this.#stale.push(slot);
    return () => {
      if (this.#slots.get(key) === slot) this.#slots.delete(key);
    };
  }

  element(key: string): HTMLElement | null {
    return this.#slots.get(key)?.element ?? null;
  }

  /** Takes over a new layout. The cell `first`, which somebody is at, is written before the call returns. */
  show(cells: CellIndex, aside: Aside, first: string | null): void {
    this.#cells = cells;
    this.#aside = aside;
    this.#stale = [...this.#slots.values()].filter((slot) => this.#isStale(slot));
    if (this.#stale.length <= AT_ONCE) {
      for (const slot of this.#stale) this.#write(slot);
      this.#stale = [];
      return;
    }
    const wanted = first === null ? undefined : this.#slots.get(first);
    if (wanted !== undefined) this.#write(wanted);
    this.#schedule();
  }

  destroy(): void {
    this.#cancel?.();
    this.#slots.clear();
  }

  #isStale({ lane, stage, shown }: Slot): boolean {
    const cell = this.#cells?.get(lane, stage);
    if (shown === null || shown.cell !== cell) return true;
    return cell !== undefined && shown.by !== this.#aside && shown.aside !== this.#aside(cell);
  }

  #schedule(): void {
    if (this.#cancel !== null) return;
    this.#cancel = whenIdle(() => {
      this.#cancel = null;
      const end = performance.now() + SLICE;
      let written = 0;
      for (const slot of this.#stale) {
        if (performance.now() > end) break;
        this.#write(slot);
        written += 1;
      }
      this.#stale = this.#stale.slice(written);
      if (this.#stale.length > 0) this.#schedule();
    });
  }

  #paragraph(id: string): HTMLElement {
    const paragraph = document.createElement('p');
    paragraph.setAttribute('data-card', id);
    return paragraph;
  }

  #write(slot: Slot): void {
    const cell = this.#cells?.get(slot.lane, slot.stage);
    const { element } = slot;
    const aside = cell === undefined ? '' : this.#aside(cell);
    slot.shown = { cell, by: this.#aside, aside };
    if (cell === undefined) {
      delete element.dataset.rect;
      element.replaceChildren();
      return;
    }
    element.dataset.rect = rectOf(cell);
    // Paragraphs stay with their cards, so that whoever reads one does not lose the place when its neighbour changes.
    const known = new Map<string | undefined, HTMLElement>();
    for (const child of element.children)
      if (child instanceof HTMLElement) known.set(child.dataset.card, child);
    const paragraphs = cell.cards.map((layout) => {
      const { id } = layout.card;
      const text = spokenCard(layout);
      const rect = rectOf(layout);
      const paragraph = known.get(id) ?? this.#paragraph(id);
      if (paragraph.getAttribute('data-rect') !== rect) paragraph.setAttribute('data-rect', rect);
      if (paragraph.textContent !== text) paragraph.textContent = text;
      return paragraph;
    });
    const isSame =
      paragraphs.length === known.size &&
      paragraphs.every((paragraph, index) => paragraph === element.children[index]);
    if (isSame && (element.childNodes[paragraphs.length]?.textContent ?? '') === aside) return;
    element.replaceChildren(...paragraphs, aside);
  }
}

function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const asked = requestIdleCallback(work, { timeout: 200 });
    return () => cancelIdleCallback(asked);
  }
  const timer = setTimeout(work, 16);
  return () => clearTimeout(timer);
}

import { cardsAmong, findOnMap, goToMatch, nearestMatch, type Match } from '#lib/canvas/editor/find.ts';
import type { BoardSession } from './board-session.svelte.ts';

/** A search on the board: what it looks for, what it has found, and which of that the person stands at. */
export class Finding {
  query = $state('');
  /** The index of the match that is selected; -1 while none was gone to. */
  at = $state(-1);
  readonly #session: BoardSession;
  readonly matches: readonly Match[] = $derived.by(() => findOnMap(this.#session.journey, this.query));

  constructor(session: BoardSession) {
    this.#session = session;
  }

  get count(): number {
    return this.matches.length;
  }

  /** Looks for something else. */
  look(query: string): void {
    this.query = query;
    this.at = -1;
  }

  /** Goes to the next match (1) or the one before (-1), round and round; at first to one near the view. */
  go(by: 1 | -1): boolean {
    const { matches } = this;
    if (matches.length === 0) return false;
    const { editor } = this.#session;
    this.at =
      this.at === -1 ? nearestMatch(editor, matches) : (this.at + by + matches.length) % matches.length;
    const match = matches[this.at];
    if (match !== undefined) goToMatch(editor, match);
    return true;
  }

  /** The cards that were found are marked on the canvas. */
  mark(): void {
    this.#session.editor.found = cardsAmong(this.matches);
  }
}

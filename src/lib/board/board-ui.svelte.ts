import type { Anchor } from '#lib/journey/anchor.ts';
import type { ThreadMark } from './comment-marks.ts';
import type { SuggestionMark } from './suggestion-marks.ts';
import { goToRegion } from './regions.ts';

/** A thread or a suggestion that somebody wants to see, the next or previous new one, or else the field for a new one on an anchor. */
export interface CommentAsked {
  readonly thread?: string;
  readonly unread?: 1 | -1;
  /** Unset: what is selected. */
  readonly anchor?: Anchor;
  readonly suggestion?: string;
}

export type BoardDialog = 'shortcuts' | 'palette' | 'views';

/** What of the board's page is open, beside the map itself. */
export class BoardUi {
  /** Only the map is seen. */
  zen = $state(false);
  /** The bar that finds and filters is open. */
  finding = $state(false);
  /** The page has nothing more urgent to do: what may be asked for next can be fetched. */
  idle = $state(false);
  /** The bar that finds is on its way: what is typed meanwhile is meant for it. */
  awaitsFind = $state(false);
  /** Something was typed for it already. */
  typedAhead = false;
  /** Grows each time that somebody wants to find something. */
  findAsked = $state(0);
  /** Grows each time that somebody wants to say what a picture shows. */
  describeAsked = $state(0);
  /** What a screen reader is to say next. */
  spoken = $state('');
  #dialog: BoardDialog | null = $state(null);
  #root: HTMLElement | null = null;

  /** The threads that the board marks. */
  threads: readonly ThreadMark[] = $state.raw([]);
  /** The open suggestions that lie over the map. */
  suggestions: readonly SuggestionMark[] = $state.raw([]);
  /** Begins to suggest edits; null where the person may not, or does already. */
  suggest: (() => void) | null = $state.raw(null);
  /** What a comment that is being written hangs on; null while it is what is selected. */
  placing: Anchor | null = $state.raw(null);
  /** The person may comment. */
  comments = $state(false);
  #comment: ((asked: CommentAsked) => void) | null = null;

  /** Who opens threads and the field for a new one. Answers how to stop. */
  onComment(open: (asked: CommentAsked) => void): () => void {
    this.#comment = open;
    return () => {
      if (this.#comment === open) this.#comment = null;
    };
  }

  /** False while the panels are not there yet. */
  comment(asked: CommentAsked = {}): boolean {
    this.#comment?.(asked);
    return this.#comment !== null;
  }

  /** The element that holds the page's regions. */
  mount(root: HTMLElement): void {
    this.#root = root;
  }

  get dialog(): BoardDialog | null {
    return this.#dialog;
  }

  open(dialog: BoardDialog): void {
    this.#dialog = dialog;
  }

  /** Opens the bar that finds and filters, ready to type. */
  find(): void {
    this.awaitsFind ||= !this.finding;
    this.finding = true;
    this.findAsked += 1;
  }

  /** Opens the field that says what the selected picture shows. */
  describe(): void {
    this.describeAsked += 1;
  }

  /** The bar is there, or nobody waits for it any more. True when something was typed for it meanwhile. */
  foundBar(): boolean {
    const ahead = this.typedAhead;
    this.awaitsFind = this.typedAhead = false;
    return ahead;
  }

  /** The bar closes, or could not be fetched. */
  stopFinding(): void {
    this.finding = false;
    this.foundBar();
  }

  close(): void {
    this.#dialog = null;
  }

  /** Moves the focus to the next part of the page, or the one before. False where there is none. */
  goToRegion(by: 1 | -1): boolean {
    return this.#root !== null && goToRegion(this.#root, by);
  }

  /** Gives the keyboard to the map. */
  focusBoard(): void {
    this.#root?.querySelector<HTMLElement>('[data-region-entry]')?.focus({ preventScroll: true });
  }

  /** Has a screen reader say something, also when it has just said the same. */
  speak(sentence: string): void {
    this.spoken = this.spoken === sentence ? `${sentence}\u00a0` : sentence;
  }
}

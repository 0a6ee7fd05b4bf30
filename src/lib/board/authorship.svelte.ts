import type { Author, AuthorsClient } from '#lib/collab/authors.ts';
import type { BoardSession } from './board-session.svelte.ts';

/** Comes with the first question: nobody filters by author while the page opens. */
const words = async () => {
  const [{ authorName }, { authorsByCard }] = await Promise.all([
    import('#lib/panels/inspector/author-words.ts'),
    import('./filter-choices.ts')
  ]);
  return { authorName, authorsByCard };
};

const SOON = 800; // ms in which further changes are asked about together

/**
 * Who put the cards of the map there, for the filter by author. Asked of the server when somebody wants to filter, and
 * again when cards have come since; between two answers a new card passes as one of nobody.
 */
export class Authorship {
  readonly #session: BoardSession;
  readonly #client: AuthorsClient | null;
  #people: readonly Author[] = $state.raw([]);
  #nameOf: (author: Author, me: string | undefined) => string = ({ id }) => id;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: number | null = null; // how many cards the map had
  #gone = false;

  constructor(session: BoardSession, client: AuthorsClient | null) {
    this.#session = session;
    this.#client = client;
  }

  /** Authors to filter by, by name. Empty until the server has answered. */
  get choices(): readonly { readonly value: string; readonly label: string }[] {
    const me = this.#session.me?.id;
    return this.#people
      .map((author) => ({ value: author.id, label: this.#nameOf(author, me) }))
      .sort((a, b) => a.label.localeCompare(b.label));
  }

  /** Asks now. */
  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asked = this.#session.journey.cards.length;
    const [told, code] = await Promise.all([this.#client?.cards() ?? null, words().catch(() => null)]);
    if (told === null || code === null || this.#gone) return;
    this.#nameOf = code.authorName;
    this.#people = told.people;
    const authors = code.authorsByCard(told.cards);
    const { editor } = this.#session;
    editor.look = { ...editor.look, authors };
  }

  /** The map or the filter is another one: asks soon, where the filter needs it. */
  follow(): void {
    const { editor, journey } = this.#session;
    if (editor.look.filter.author === null || this.#asked === journey.cards.length) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), this.#asked === null ? 0 : SOON);
  }

  destroy(): void {
    this.#gone = true;
    clearTimeout(this.#timer);
  }
}

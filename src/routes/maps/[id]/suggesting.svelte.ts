import { BoardSession } from '#lib/board/board-session.svelte.ts';
import { stillConnection } from '#lib/collab/still-connection.ts';
import { forkOf, type Fork } from '#lib/document/suggestion.ts';
import { same } from '#lib/journey/same.ts';
import { suggestedChanges } from '#lib/journey/suggestion.ts';
import { compareStates } from '#lib/scenarios/changes.ts';

/**
 * A copy of the open map to try edits on. What others do on the map comes along; what this person does becomes
 * suggestions.
 */
export class Suggesting {
  readonly session: BoardSession;
  readonly #live: BoardSession;
  readonly #fork: Fork;

  constructor(live: BoardSession) {
    this.#live = live;
    this.#fork = forkOf(live.document);
    const { connection } = live;
    this.session = new BoardSession({
      document: this.#fork.document,
      connection: {
        ...stillConnection(),
        save: { kind: 'suggesting' },
        role: 'editor',
        me: connection.me,
        on: (event, listener) => (event === 'poke' ? connection.on(event, listener) : () => undefined)
      },
      role: 'editor'
    });
  }

  /** What is different by now, as suggestions. */
  readonly changes = $derived.by(() => suggestedChanges(this.#live.journey, this.session.journey));

  /** What is different and cannot be suggested, in words. */
  readonly others = $derived.by((): readonly string[] => {
    const [live, copy] = [this.#live.journey, this.session.journey];
    const { cards, unplaced, metrics } = live;
    const rest = compareStates(live, { ...copy, cards, unplaced, metrics }).changes.map(({ text }) => text);
    const before = Object.fromEntries(cards.map((card) => [card.id, card]));
    const faceted = copy.cards.filter(({ id, facets }) => before[id] && !same(before[id].facets, facets));
    return [...rest, ...faceted.map(() => 'What a card says besides its text')];
  });

  destroy(): void {
    this.#fork.destroy();
    this.session.destroy();
  }
}

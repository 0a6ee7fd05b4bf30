import { RequestProblem } from '#lib/collab/requests.ts';
import type { MapSuggestion, SuggestionsClient } from '#lib/collab/suggestions.ts';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import { applySuggestion } from '#lib/document/suggestion.ts';
import { standingOf, type SuggestedChange } from '#lib/journey/suggestion.ts';

/** What accepting needs of the open map. */
export interface AcceptingMap {
  readonly document: JourneyDocument;
  /** Resolves when everything on this device is stored: true, or false after a while without. */
  readonly saved: () => Promise<boolean>;
}

const UNSAVED =
  'The edit is on this device and not saved yet. The suggestion stays open; accept it again when all is saved.';

/**
 * The suggestions on the open map. Accepting is an edit of this person on their own board, so that undo takes it back;
 * it is held for them on the server meanwhile, and recorded once it is saved.
 */
export class Proposals {
  readonly #client: SuggestionsClient;
  readonly #map: AcceptingMap;
  open: readonly MapSuggestion[] = $state.raw([]); // newest first
  decided: readonly MapSuggestion[] = $state.raw([]);
  loaded = $state(false);
  busy = $state(false);
  problem = $state('');
  #asking = false;
  #again = false;

  constructor(client: SuggestionsClient, map: AcceptingMap) {
    this.#client = client;
    this.#map = map;
  }

  /** Fetches everything again; the last of several calls counts. */
  async refresh(): Promise<void> {
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    try {
      [this.open, this.decided] = await Promise.all([this.#client.open(), this.#client.decided()]);
      this.loaded = true;
    } catch (problem) {
      this.problem = sentenceOf(problem);
    } finally {
      this.#asking = false;
    }
    if (this.#again) await this.refresh();
  }

  /** True when they are on their way to whoever decides. */
  propose(changes: readonly SuggestedChange[], why: string): Promise<boolean> {
    return this.#run(() => this.#client.propose(changes, why));
  }

  /** Accepts in the order in which they were made, as one step. What is no longer on the map is left out and told. */
  accept(chosen: readonly MapSuggestion[], reason: string): Promise<boolean> {
    return this.#run(async () => {
      const problems: unknown[] = [];
      const held: MapSuggestion[] = [];
      for (const one of chosen.toReversed())
        await this.#client.hold(one.id).then(
          () => held.push(one),
          (problem: unknown) => problems.push(problem)
        );
      const { document } = this.#map;
      const gone = held.filter(({ change }) => standingOf(change, document.journey) === 'gone');
      const made = held.filter((one) => !gone.includes(one));
      if (made.some(({ change }) => standingOf(change, document.journey) !== 'already'))
        document.step(() => {
          for (const { change } of made)
            if (standingOf(change, document.journey) !== 'already') applySuggestion(document.doc, change);
        });
      if (!(await this.#map.saved())) throw new RequestProblem(UNSAVED);
      for (const { id } of made)
        await this.#client.accept(id, reason).catch((problem: unknown) => problems.push(problem));
      if (gone.length > 0)
        problems.push(new RequestProblem('What some suggestions are about is no longer on the map.'));
      if (problems.length > 0) throw problems[0];
    });
  }

  decline(chosen: readonly MapSuggestion[], reason: string): Promise<boolean> {
    return this.#run(async () => {
      for (const { id } of chosen) await this.#client.decline(id, reason);
    });
  }

  withdraw({ id }: MapSuggestion): Promise<boolean> {
    return this.#run(() => this.#client.withdraw(id));
  }

  async #run(work: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.problem = '';
    let problem = '';
    try {
      await work();
    } catch (error) {
      problem = sentenceOf(error);
    }
    await this.refresh();
    this.problem = problem;
    this.busy = false;
    return problem === '';
  }
}

const sentenceOf = (problem: unknown): string => {
  if (problem instanceof RequestProblem) return problem.message;
  throw problem;
};

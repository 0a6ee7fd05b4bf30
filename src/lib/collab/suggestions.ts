import type { SuggestedChange } from '#lib/journey/suggestion.ts';
import type { Suggestion, SuggestionPage } from '#lib/protocol/suggestions.ts';
import { request } from './requests.ts';

export { SUGGESTION_LIMITS, SUGGESTIONS_TOPIC } from '#lib/protocol/suggestions.ts';

/** An edit that somebody proposes on the open map. */
export type MapSuggestion = Suggestion<SuggestedChange>;

/** The suggestions of one map, as the server has them. Every call may throw a RequestProblem. */
export interface SuggestionsClient {
  /** All open ones, newest first. */
  open(): Promise<readonly MapSuggestion[]>;
  /** The newest that are decided. */
  decided(): Promise<readonly MapSuggestion[]>;
  propose(changes: readonly SuggestedChange[], why: string): Promise<void>;
  hold(id: string): Promise<void>;
  accept(id: string, reason: string): Promise<void>;
  decline(id: string, reason: string): Promise<void>;
  withdraw(id: string): Promise<void>;
}

/** `send`: the browser's `fetch`. */
export function suggestionsClient(mapId: string, send: typeof fetch = fetch): SuggestionsClient {
  const base = `/api/v1/maps/${mapId}/suggestions`;
  const decide = async (id: string, body: object): Promise<void> => {
    await request(send, 'PATCH', `${base}/${id}`, body);
  };
  return {
    async open() {
      const all: MapSuggestion[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
        const page: SuggestionPage<SuggestedChange> = await request(send, 'GET', base + query);
        all.push(...page.suggestions);
        cursor = page.next;
      } while (cursor !== null);
      return all;
    },
    decided: async () =>
      (await request<SuggestionPage<SuggestedChange>>(send, 'GET', `${base}?decided&limit=50`)).suggestions,
    propose: async (changes, why) => {
      await request(send, 'POST', base, { changes, why: why === '' ? null : why });
    },
    hold: (id) => decide(id, { decision: 'hold' }),
    // The edit is on the map by now; where somebody has changed it once more, it is recorded all the same.
    accept: (id, reason) => decide(id, { decision: 'accept', reason, anyway: true }),
    decline: (id, reason) => decide(id, { decision: 'decline', reason }),
    withdraw: (id) => decide(id, { decision: 'withdraw' })
  };
}

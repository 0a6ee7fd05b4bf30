import { bodyOf } from '../../../../comment-requests.ts';
import { answer, caller } from '../../../../requests.ts';
import { refusedSuggestion, suggestionChangeSchema } from '../../../../suggestion-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Accepts, declines, takes back, or keeps others from accepting it for a moment. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, suggestionChangeSchema);
  if ('refused' in body) return body.refused;
  const { suggestions } = event.locals.app;
  const { id, suggestion } = event.params;
  const asked = body.value;
  const decided = await (() => {
    switch (asked.decision) {
      case 'accept':
        return suggestions.accept(who.principal, id, suggestion, asked);
      case 'decline':
        return suggestions.decline(who.principal, id, suggestion, asked.reason);
      case 'hold':
        return suggestions.hold(who.principal, id, suggestion);
      case 'withdraw':
        return suggestions.withdraw(who.principal, id, suggestion);
    }
  })();
  return decided.ok ? answer({}) : refusedSuggestion(decided);
};

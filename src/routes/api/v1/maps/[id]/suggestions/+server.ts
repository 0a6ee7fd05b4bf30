import { bodyOf, listed, pageOf } from '../../../comment-requests.ts';
import { answer, caller } from '../../../requests.ts';
import { changesOf, proposalSchema, refusedSuggestion } from '../../../suggestion-requests.ts';
import type { RequestHandler } from './$types.ts';

/** The map's open suggestions, newest first; with `?decided` those that are not open any more. */
export const GET: RequestHandler = (event) =>
  listed(async () => {
    const who = await caller(event);
    if ('refused' in who) return who.refused;
    const page = pageOf(event.url, 200);
    if ('refused' in page) return page.refused;
    const open = !event.url.searchParams.has('decided');
    const found = await event.locals.app.suggestions.list(who.principal, event.params.id, { ...page, open });
    return found.ok ? answer(found.value) : refusedSuggestion(found);
  });

/** Proposes edits. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, proposalSchema);
  if ('refused' in body) return body.refused;
  const proposed = await event.locals.app.suggestions.propose(who.principal, event.params.id, {
    changes: changesOf(body.value),
    why: body.value.why
  });
  return proposed.ok ? answer({ ids: proposed.value }, 201) : refusedSuggestion(proposed);
};

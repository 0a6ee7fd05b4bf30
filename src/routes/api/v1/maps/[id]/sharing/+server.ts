import { bodyOf } from '../../../comment-requests.ts';
import { answer, caller } from '../../../requests.ts';
import { noContent, refusedSharing, visibilitySchema } from '../../../sharing-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Who may open the map and as what; for its owners. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const state = await event.locals.app.sharing.state(who.principal, event.params.id);
  return state.ok ? answer(state.value) : refusedSharing(state);
};

/** Opens the map to links, or closes it to them. */
export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, visibilitySchema);
  if ('refused' in body) return body.refused;
  const { visibility } = body.value;
  const changed = await event.locals.app.sharing.setVisibility(who.principal, event.params.id, visibility);
  return changed.ok ? noContent() : refusedSharing(changed);
};

import { caller, refused } from '../../../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** A version as Yjs holds it. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { id, version } = event.params;
  const state = await event.locals.app.history.state(who.principal, id, version);
  if (!state.ok) return refused(state);
  return new Response(new Uint8Array(state.value), {
    headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' }
  });
};

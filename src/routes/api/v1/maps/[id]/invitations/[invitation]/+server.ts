import { caller } from '../../../../requests.ts';
import { noContent, refusedSharing } from '../../../../sharing-requests.ts';
import type { RequestHandler } from './$types.ts';

/** Takes an invitation back. */
export const DELETE: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const { id, invitation } = event.params;
  const gone = await event.locals.app.sharing.withdraw(who.principal, id, invitation);
  return gone.ok ? noContent() : refusedSharing(gone);
};

import { error } from '@sveltejs/kit';
import { spend } from '../../../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

// The token is in the address: no page may pass it on, and none may be kept.
const GUARDED = { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };

/** Changes nothing: programs that look into mails open every link. */
export const load: PageServerLoad = (event) => {
  event.setHeaders(GUARDED);
};

export const actions: Actions = {
  /** One press, here or in a mail program (RFC 8058). */
  default: async (event) => {
    await spend(event, 'share link');
    if (!(await event.locals.app.digests.switchOff(event.params.token)))
      error(404, 'This link is not one of ours. Nothing was changed.');
    return { off: true };
  }
};

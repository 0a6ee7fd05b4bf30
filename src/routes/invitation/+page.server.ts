import { error, fail, redirect } from '@sveltejs/kit';
import { INVITATION_COOKIE } from '../invitation-cookie.ts';
import { spend } from '../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

const BROKEN = 'This invitation does not work (any more). Ask whoever sent it for a new one.';

export const load: PageServerLoad = async (event) => {
  event.setHeaders({ 'cache-control': 'no-store' });
  await spend(event, 'share link');
  const { app, principal } = event.locals;
  const invitation = await app.sharing.invitation(principal, event.cookies.get(INVITATION_COOKIE) ?? '');
  if (!invitation) error(404, BROKEN);
  return { invitation, name: principal?.name ?? null };
};

export const actions: Actions = {
  default: async (event) => {
    await spend(event, 'share link');
    const { app, principal } = event.locals;
    const accepted = await app.sharing.accept(principal, event.cookies.get(INVITATION_COOKIE) ?? '');
    if (accepted.ok) {
      event.cookies.delete(INVITATION_COOKIE, { path: '/invitation' });
      redirect(303, `/maps/${accepted.value}`);
    }
    if (accepted.reason === 'other-account')
      return fail(403, { problem: 'This invitation is for another address.' });
    error(404, BROKEN);
  }
};

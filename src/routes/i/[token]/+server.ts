import { redirect } from '@sveltejs/kit';
import { INVITATION_COOKIE, INVITATION_SECONDS } from '../../invitation-cookie.ts';
import { spend } from '../../visitor.ts';
import type { RequestHandler } from './$types.ts';

/** Swaps the token in the address for a cookie, so that it is on no further page, log or Referer. */
export const GET: RequestHandler = async (event) => {
  await spend(event, 'share link');
  event.setHeaders({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
  event.cookies.set(INVITATION_COOKIE, event.params.token.slice(0, 64), {
    path: '/invitation',
    httpOnly: true,
    sameSite: 'lax',
    secure: event.locals.app.config.origin?.startsWith('https:') ?? false,
    maxAge: INVITATION_SECONDS
  });
  redirect(303, '/invitation');
};

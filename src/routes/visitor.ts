import { error, type RequestEvent } from '@sveltejs/kit';
import type { Principal, UserId } from '../../server/access/principal.ts';
import type { Budget } from '../../server/throttle.ts';

type Visit = Pick<RequestEvent, 'locals' | 'cookies' | 'getClientAddress' | 'setHeaders'>;

/** Answers 429 when this address has asked too often. */
export async function spend(visit: Visit, budget: Budget): Promise<void> {
  const wait = await visit.locals.app.throttle.take(budget, visit.getClientAddress());
  if (wait === null) return;
  visit.setHeaders({ 'retry-after': String(wait) });
  error(429, `Too many requests from your network. Try again in ${wait} seconds.`);
}

/** Who this is; somebody new becomes a guest, with a session that lasts beyond this visit. */
export async function visitor(visit: Visit, name: string | null = null): Promise<UserId> {
  const { locals, cookies } = visit;
  if (locals.principal) return locals.principal.userId;
  await spend(visit, 'new guest');
  const { accounts, sessions } = locals.app.access;
  const made = await accounts.createGuest(name);
  if (!made.ok) error(422, 'That name cannot be used.');
  const { cookie } = await sessions.create(made.principal.userId);
  cookies.set(cookie.name, cookie.value, { ...cookie.attributes });
  locals.principal = made.principal;
  return made.principal.userId;
}

/** What a page tells the browser about the person. */
export interface Me {
  readonly id: string;
  readonly name: string | null;
  readonly guest: boolean;
}

export const meOf = (principal: Principal): Me => ({
  id: principal.userId,
  name: principal.name,
  guest: principal.guest
});

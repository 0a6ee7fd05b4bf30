import { fail, type RequestEvent } from '@sveltejs/kit';
import type { UserId } from '../../server/access/principal.ts';

type Visit = Pick<RequestEvent, 'locals' | 'getClientAddress'>;

/**
 * Takes one from the budget of new maps, of the person and of their address: a guest costs nothing to become. The whole
 * seconds to wait when there is none left, else null.
 */
export async function waitForMap({ locals, getClientAddress }: Visit, by: UserId): Promise<number | null> {
  const { throttle } = locals.app;
  return (await throttle.take('new map', by)) ?? throttle.take('new map, by address', getClientAddress());
}

export const tooManyMaps = (wait: number): string =>
  `Too many new maps in a short time. Try again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`;

/** For a form: 429 with a sentence when the budget is spent, else null. */
export async function refuseMap(visit: Visit & Pick<RequestEvent, 'setHeaders'>, by: UserId) {
  const wait = await waitForMap(visit, by);
  if (wait === null) return null;
  visit.setHeaders({ 'retry-after': String(wait) });
  return fail(429, { problem: tooManyMaps(wait) });
}

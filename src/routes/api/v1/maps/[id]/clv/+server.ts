import { problem } from '#lib/protocol/problem.ts';
import { caller, refused } from '../../../requests.ts';
import { readQuery } from './query.ts';
import type { RequestHandler } from './$types.ts';

const LATE = 'Working this out took too long. Ask for fewer draws, or try again in a moment.';

/**
 * The figures of the baseline and of every scenario, in full precision, with what they were computed under, and what
 * every opportunity brings. `?budget=` adds the best portfolio, `?draws=&seed=` a simulation of the baseline.
 */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const read = readQuery(event.url.searchParams);
  if ('problems' in read) return problem(400, 'The query asks for what cannot be.', read.problems);
  const journey = await event.locals.app.maps.journey(who.principal, event.params.id);
  if (!journey.ok) return refused(journey);
  const job = { journey: journey.value, ...read.query };
  const body = await event.locals.app.figures.run(job, event.request.signal);
  return body === null
    ? problem(503, LATE, [], { 'retry-after': '5' })
    : new Response(body, { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
};

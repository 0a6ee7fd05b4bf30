import { problem } from '#lib/protocol/problem.ts';
import { answer, caller, readBytes } from '../../requests.ts';
import type { RequestHandler } from './$types.ts';

const FORMATS: Readonly<Record<string, 'json' | 'csv'>> = {
  'application/json': 'json',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'text/plain': 'csv'
};

const NOTHING_KEPT = 'The table cannot be fitted; nothing of it was kept.';

/**
 * Fits a model to a table of at most 10 MB: JSON with its rows, or CSV with the model in the query. Nothing is kept. Body
 * and fit are read in a thread.
 */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const type = (event.request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const format = FORMATS[type];
  if (format === undefined) return problem(415, 'Send application/json or text/csv.');
  const body = await readBytes(event.request);
  if (body === null) return problem(413, 'A table may have 10 MB at most; nothing of it was kept.');
  const query = Object.fromEntries(event.url.searchParams);
  const result = await event.locals.app.fits.run({ body, format, query });
  switch (result.kind) {
    case 'fitted':
      return answer(result.report);
    case 'broken':
      return problem(400, undefined, result.problems);
    case 'refused':
      return problem(422, NOTHING_KEPT, result.problems);
    case 'busy':
      return problem(503, 'Other fits are under way; try again in a moment.', [], { 'retry-after': '5' });
    case 'late':
      return problem(503, 'The fit took too long and was ended; send fewer rows or another model.');
  }
};

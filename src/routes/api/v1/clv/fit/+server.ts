import { problem } from '#lib/protocol/problem.ts';
import { answer, caller } from '../../requests.ts';
import type { RequestHandler } from './$types.ts';

const FORMATS: Readonly<Record<string, 'json' | 'csv'>> = {
  'application/json': 'json',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'text/plain': 'csv'
};

const NOTHING_KEPT = 'The table cannot be fitted; nothing of it was kept.';

/**
 * Fits a model to a table of at most 10 MB: JSON with its rows, or CSV with the model in the query. The body is read as
 * it comes, in a thread that fits it too. Nothing is kept.
 */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const type = (event.request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const format = FORMATS[type];
  if (format === undefined) return problem(415, 'Send application/json or text/csv.');
  const query = Object.fromEntries(event.url.searchParams);
  const result = await event.locals.app.fits.run(
    { format, query },
    event.request.body ?? new Blob().stream()
  );
  switch (result.kind) {
    case 'fitted':
      return answer(result.report);
    case 'broken':
      return problem(400, undefined, result.problems);
    case 'refused':
      return problem(422, NOTHING_KEPT, result.problems);
    case 'large':
      // The rest is still coming and nobody reads it.
      return problem(413, 'A table may have 10 MB at most; nothing of it was kept.', [], {
        connection: 'close'
      });
    case 'cut':
      return problem(400, 'The body broke off; nothing of it was kept.');
    case 'busy':
      return problem(503, 'Other fits are under way; try again in a moment.', [], { 'retry-after': '5' });
    case 'late':
      return problem(503, 'The fit took too long and was ended; send fewer rows or another model.');
  }
};

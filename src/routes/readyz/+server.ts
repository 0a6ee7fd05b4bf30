import type { RequestHandler } from './$types.ts';

/** The database answers and the process is not stopping: 200, else 503. */
export const GET: RequestHandler = async ({ locals }) => {
  const ready = await locals.app.ready();
  return new Response(ready ? 'ready' : 'not ready', {
    status: ready ? 200 : 503,
    headers: { 'cache-control': 'no-store' }
  });
};

import type { RequestHandler } from './$types.ts';

const HEADERS = { 'cache-control': 'no-store' };

/** What the server counts, for Prometheus, to whoever brings METRICS_TOKEN as a bearer token. */
export const GET: RequestHandler = async ({ locals, request }) => {
  const { app } = locals;
  if (app.config.metricsToken === undefined)
    return new Response('Metrics are switched off; set METRICS_TOKEN to read them.\n', {
      status: 404,
      headers: HEADERS
    });
  const read = await app.metrics(request.headers.get('authorization'));
  if (read === null)
    return new Response('Bring METRICS_TOKEN as a bearer token.\n', {
      status: 401,
      headers: { ...HEADERS, 'www-authenticate': 'Bearer' }
    });
  return new Response(read.text, { headers: { ...HEADERS, 'content-type': read.type } });
};

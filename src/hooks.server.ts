import type { Handle, HandleServerError, RequestEvent } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { problem } from '#lib/protocol/problem.ts';
import { handleTheme } from '#lib/ui/theme.ts';
import type { App } from '../server/app.ts';

const APP = Symbol.for('meander.app');

function runningApp(): App {
  const app = (globalThis as Record<symbol, unknown>)[APP] as App | undefined;
  if (app === undefined) throw new Error('Meander is not running in this process');
  return app;
}

const isApi = (event: RequestEvent) => event.url.pathname.startsWith('/api/');

/** Who asks. A session that was just extended gets its cookie again. */
const identify: Handle = async ({ event, resolve }) => {
  const app = runningApp();
  event.locals.app = app;
  const { headers } = event.request;
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    event.locals.principal = isApi(event) ? await app.access.tokens.read(authorization) : null;
    return resolve(event);
  }
  const { principal, fresh } = await app.access.sessions.read(headers.get('cookie'));
  event.locals.principal = principal;
  if (fresh !== null) event.cookies.set(fresh.name, fresh.value, fresh.attributes);
  return resolve(event);
};

/**
 * A browser that speaks with a cookie must come from one of our own pages to change anything. Programs speak with a
 * token, which no foreign page can make a browser send.
 */
const sameSite: Handle = ({ event, resolve }) => {
  const { method, headers } = event.request;
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const byToken = isApi(event) && headers.get('authorization') !== null;
  if (!changes || byToken) return resolve(event);
  const site = headers.get('sec-fetch-site');
  const own = site !== null ? site === 'same-origin' : headers.get('origin') === event.url.origin;
  if (own) return resolve(event);
  if (!isApi(event))
    return new Response('This form did not come from one of our own pages; nothing was changed.', {
      status: 403
    });
  return problem(
    event.locals.principal === null ? 401 : 403,
    'Send a bearer token, or come from one of our own pages.'
  );
};

const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()'
};

const secure: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (!response.headers.has('referrer-policy'))
    response.headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  if (event.locals.app.config.origin?.startsWith('https:'))
    response.headers.set('strict-transport-security', 'max-age=31536000');
  // Whatever went wrong inside Kit (no such route, wrong method, a thrown error) speaks the API's one language.
  const type = response.headers.get('content-type') ?? '';
  return isApi(event) && response.status >= 400 && !type.startsWith('application/problem+json')
    ? problem(response.status)
    : response;
};

/** Logs each request by its route, never by its address: share links carry their secret there. */
const logged: Handle = async ({ event, resolve }) => {
  const start = performance.now();
  const response = await resolve(event);
  const { log } = event.locals.app;
  const fields = {
    method: event.request.method,
    route: event.route.id,
    status: response.status,
    ms: Math.round(performance.now() - start)
  };
  if (response.status >= 500) log.error(fields, 'request');
  else log.debug(fields, 'request');
  return response;
};

export const handle = sequence(identify, logged, secure, sameSite, handleTheme);

export const handleError: HandleServerError = ({ error, event, status, message }) => {
  if (status < 500) return { message };
  const id = crypto.randomUUID().slice(0, 8);
  const unavailable = error instanceof Error && error.name === 'RoomUnavailable';
  runningApp().log.error(
    { id, route: event.route.id, error: error instanceof Error ? error.stack : String(error) },
    'failed'
  );
  return {
    code: id,
    message: unavailable
      ? 'This map can’t be read at the moment. Nothing is lost; try again in a minute.'
      : `Something went wrong on the server (${id}). What was saved is still there.`
  };
};

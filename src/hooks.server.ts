import { error, type Handle, type HandleServerError, type RequestEvent } from '@sveltejs/kit';
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

const UNAVAILABLE = 'This map can’t be read at the moment. Nothing is lost; try again in a minute.';

/** What the app says about maps, with a map that cannot be read at present as the 503 it is and no defect of ours. */
const spoken = <Service extends object>(service: Service): Service =>
  new Proxy(service, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]): Promise<unknown> => {
        try {
          return (await Reflect.apply(method, target, given)) as unknown;
        } catch (problem) {
          if (problem instanceof Error && problem.name === 'RoomUnavailable') error(503, UNAVAILABLE);
          throw problem;
        }
      };
    }
  });

/** Who asks. A session that was just extended gets its cookie again. */
const identify: Handle = async ({ event, resolve }) => {
  const { app } = event.locals;
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
 * token, which no foreign page can make a browser send. Stands before {@link identify}: an answer given here carries
 * no cookie, so no session may have been extended for it.
 */
const sameSite: Handle = ({ event, resolve }) => {
  const { method, headers } = event.request;
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const byToken = isApi(event) && headers.get('authorization') !== null;
  // The address carries the right itself, cookies say nothing there, and mail programs post to it (RFC 8058).
  const byAddress = event.route.id === '/mail/off/[token]';
  if (!changes || byToken || byAddress) return resolve(event);
  const site = headers.get('sec-fetch-site');
  const own = site !== null ? site === 'same-origin' : headers.get('origin') === event.url.origin;
  if (own) return resolve(event);
  if (!isApi(event))
    return new Response('This form did not come from one of our own pages; nothing was changed.', {
      status: 403
    });
  const visitor = event.locals.app.access.sessions.tokenOf(headers.get('cookie'));
  return problem(visitor === null ? 401 : 403, 'Send a bearer token, or come from one of our own pages.');
};

const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()'
};
const RETRY_AFTER_S = '10';

/** Answers for Kit when it cannot: an error thrown here, before any route, is one of the database. */
const answered: Handle = async ({ event, resolve }) => {
  try {
    return await resolve(event);
  } catch (problem) {
    const told = logFailure(event, problem);
    return new Response(told.message, { status: 503, headers: { 'cache-control': 'no-store' } });
  }
};

/** The outermost: whatever went wrong inside, these headers are on the answer, and the API speaks one language. */
const secure: Handle = async ({ event, resolve }) => {
  const app = runningApp();
  event.locals.app = {
    ...app,
    maps: spoken(app.maps),
    history: spoken(app.history),
    suggestions: spoken(app.suggestions),
    reviews: spoken(app.reviews),
    sharing: spoken(app.sharing)
  };
  event.locals.principal = null;
  const response = finished(event, await resolve(event));
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (response.status === 503) response.headers.set('retry-after', RETRY_AFTER_S);
  // What is somebody's own, or gone for now, must not come from a cache later on.
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-cache');
  if (!response.headers.has('referrer-policy'))
    response.headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  if (app.config.origin?.startsWith('https:'))
    response.headers.set('strict-transport-security', 'max-age=31536000');
  return response;
};

/** Whatever went wrong inside Kit (no such route, wrong method, a thrown error) as a problem, for programs. */
const finished = (event: RequestEvent, response: Response): Response => {
  const type = response.headers.get('content-type') ?? '';
  if (!isApi(event) || response.status < 400 || type.startsWith('application/problem+json')) return response;
  const told = problem(response.status);
  for (const cookie of response.headers.getSetCookie()) told.headers.append('set-cookie', cookie);
  return told;
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

export const handle = sequence(secure, answered, logged, sameSite, identify, handleTheme);

/** Logs a defect and answers what a person is told of it. */
const logFailure = (event: RequestEvent, problem: unknown): { code: string; message: string } => {
  const code = crypto.randomUUID().slice(0, 8);
  runningApp().log.error({ id: code, route: event.route.id, err: problem }, 'failed');
  return {
    code,
    message: `Something went wrong on the server (${code}). What was saved is still there.`
  };
};

export const handleError: HandleServerError = ({ error: problem, event, status, message }) =>
  status < 500 ? { message } : logFailure(event, problem);

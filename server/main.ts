import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp, configFrom, type App, type Config } from './app.ts';
import { startWatchdog } from './watchdog.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const env = process.env;
const root = new URL('../', import.meta.url);

/** Requests above this are refused before anything reads them; Kit's own limit stands a little higher. */
const BODY_LIMIT = 10 * 1024 * 1024;
/** Five seconds of goodbyes, twenty of snapshots, and some for the last commit and the database. */
const STOP_WITHIN_MS = 32_000;
/** A loop that has not turned for so long will not. */
const BLOCKED_MS = 5_000;

/** Ends the start with one sentence. */
function refuse(message: string): never {
  console.error(`Meander can't start: ${message}`);
  process.exit(1);
}

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));

function readConfig(): Config {
  try {
    return configFrom(env, root);
  } catch (error) {
    return refuse(sentence(error));
  }
}

async function start(config: Config): Promise<App> {
  try {
    return await createApp(config);
  } catch (error) {
    return refuse(sentence(error));
  }
}

const config = readConfig();
const app = await start(config);
Object.assign(globalThis, { [Symbol.for('meander.app')]: app });

// Kit's handler reads these while it is imported.
env.PROTOCOL_HEADER ??= 'x-forwarded-proto';
if (config.trustProxy) {
  env.ADDRESS_HEADER ??= 'x-forwarded-for';
  env.HOST_HEADER ??= 'x-forwarded-host';
}
env.BODY_SIZE_LIMIT ??= String(BODY_LIMIT + 1024 * 1024);
if (config.origin !== undefined) env.ORIGIN = config.origin;
// The path is computed so that the bundler leaves Kit's build outside this bundle.
const { handler } = (await import(new URL('../build/handler.js', import.meta.url).href)) as {
  handler: Handler;
};

function tooLarge(request: IncomingMessage, response: ServerResponse): boolean {
  if (Number(request.headers['content-length'] ?? 0) <= BODY_LIMIT) return false;
  // Answered at once; Node throws the rest of the body away as it comes, so that the client can read the answer.
  const detail = `A request may carry ${BODY_LIMIT / 1024 / 1024} MB at most; nothing was stored.`;
  response.writeHead(413, { 'content-type': 'application/problem+json' });
  response.end(
    JSON.stringify({
      type: 'about:blank',
      title: 'Content Too Large',
      status: 413,
      detail,
      errors: [{ path: '', code: 'E_TOO_LARGE', message: detail }]
    })
  );
  return true;
}

const PICTURES = /^\/api\/v1\/maps\/[^/?]+\/images(?:\?|$)/;

/** Node looks after these only every half minute, unless it is told to look more often. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000 };

const server = http.createServer(PATIENCE, (request, response) => {
  // Without a proxy in front, nobody but us may say which protocol was used.
  if (!config.trustProxy) request.headers['x-forwarded-proto'] = 'http';
  // Kit throws away a body of which nobody says what it is; a picture is judged by its bytes.
  if (PICTURES.test(request.url ?? '')) request.headers['content-type'] ??= 'application/octet-stream';
  if (tooLarge(request, response)) return;
  handler(request, response, () => response.writeHead(404).end());
});
server.on('upgrade', (request, socket, head) => {
  if (app.matches(request.url)) void app.upgrade(request, socket, head);
  else socket.destroy();
});
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') refuse(`port ${config.port} is already in use; set PORT to another one.`);
  if (error.code === 'EACCES')
    refuse(`this user may not listen on port ${config.port}; set PORT to another one.`);
  refuse(`it can't listen on ${config.host}:${config.port} (${error.message}).`);
});
server.listen(config.port, config.host, () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Meander is at ${config.origin ?? `http://localhost:${port}`}`);
});

startWatchdog(BLOCKED_MS);

const hurry = new AbortController();
let stopping = false;
let exitCode = 0;
/**
 * Ends with a code that is not zero when it has to be started again, also when the fault came while stopping. Until
 * everybody is gone, requests are answered, the one whether it is ready with no. Asked a second time it hurries.
 */
async function stop(code: 0 | 1): Promise<void> {
  exitCode ||= code;
  if (stopping) return hurry.abort();
  stopping = true;
  const giveUp = setTimeout(() => process.exit(1), STOP_WITHIN_MS);
  giveUp.unref();
  await app.close(hurry.signal);
  server.close();
  server.closeAllConnections();
  process.exit(exitCode);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));

// What is under way is still committed and acknowledged; then whoever started this can start it anew.
const fail = (what: string) => (error: unknown) => {
  app.fault();
  app.log.fatal({ err: error }, what);
  if (!stopping) stop(1).catch(() => process.exit(1));
  exitCode = 1;
};
process.on('unhandledRejection', fail('unhandled rejection'));
process.on('uncaughtException', fail('uncaught exception'));

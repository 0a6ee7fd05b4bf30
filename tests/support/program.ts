import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(root, 'build/server-main.js');
const ADMIN = join(root, 'build/server-admin.js');

/** The built server as a process of its own, on a port that the system chose. */
export interface Program {
  readonly url: string; // http://localhost:<port>
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it has printed. */
  output(): string;
  /** Sends a signal and waits until the process is gone. Answers its exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

type Environment = Readonly<Record<string, string>>;

const environment = (extra: Environment): NodeJS.ProcessEnv => {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ORIGIN: _origin, ...rest } = process.env;
  return { ...rest, LOG_LEVEL: 'warn', ...extra };
};

/** A data folder of its own below the system's temporary folder. */
export const temporaryData = (): string => mkdtempSync(join(tmpdir(), 'meander-'));
export const removeData = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/**
 * Starts the built server and resolves once it answers. `PORT` 0 lets the system choose. `prefix` is a command that runs
 * it somewhere else, such as in another network.
 */
export async function startProgram(
  dataDir: string,
  extra: Environment & { PORT?: string } = {},
  prefix: readonly string[] = []
): Promise<Program> {
  if (!existsSync(MAIN)) throw new Error('There is no build yet: "npm test" makes it, or "npm run build".');
  const [command = process.execPath, ...words] = [...prefix, process.execPath, MAIN];
  const child = spawn(command, words, {
    env: environment({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, ...extra }),
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let printed = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /Meander is at (\S+)/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) =>
      reject(new Error(`the server ended with ${code} before it answered: ${printed}`))
    );
  });
  return {
    url,
    port: Number(new URL(url).port),
    dataDir,
    pid: processId(child),
    output: () => printed,
    end: (signal) => {
      child.kill(signal);
      return exited;
    }
  };
}

const processId = (child: ChildProcess): number => {
  if (child.pid === undefined) throw new Error('the server did not start');
  return child.pid;
};

/** Runs the built server until it ends by itself: for starts that must fail. */
export const runProgram = (extra: Environment) =>
  spawnSync(process.execPath, [MAIN], { env: environment(extra), encoding: 'utf8', timeout: 20_000 });

/** Runs an operator's command on a data folder. */
export const runAdmin = (dataDir: string, ...words: string[]) =>
  runAdminWith({ DATA_DIR: dataDir }, ...words);

/** The same with settings of its own. */
export const runAdminWith = (extra: Environment, ...words: string[]) =>
  spawnSync(process.execPath, [ADMIN, ...words], {
    env: environment(extra),
    encoding: 'utf8',
    timeout: 20_000
  });

/** The same while this process goes on. Resolves with its exit code. */
export const startAdmin = (dataDir: string, ...words: string[]): Promise<number | null> => {
  const env = environment({ DATA_DIR: dataDir });
  const child = spawn(process.execPath, [ADMIN, ...words], { env, stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', resolve));
};

/** Adds an account and answers a bearer token of it. */
export function addToken(dataDir: string, email: string): string {
  const added = runAdmin(
    dataDir,
    'user',
    'add',
    '--email',
    email,
    '--name',
    email.split('@')[0] ?? email,
    '--password',
    'a long enough password'
  );
  if (added.status !== 0) throw new Error(`no account: ${added.stderr}`);
  return moreToken(dataDir, email);
}

/** Answers a further bearer token of an account. */
function moreToken(dataDir: string, email: string): string {
  const token = runAdmin(dataDir, 'token', 'add', '--email', email);
  if (token.status !== 0) throw new Error(`no token: ${token.stderr}`);
  return token.stdout.trim();
}

/** Somebody with a browser session, without the browser: a guest once a page has made them one. */
export class Visitor {
  readonly #origin: string;
  #cookie = '';

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** What a socket or a request of this person carries. */
  get headers(): Record<string, string> {
    return { origin: this.#origin, cookie: this.#cookie };
  }

  /** Asks the API with the session, as a page of ours does. `at`: another node's origin. */
  api(method: string, path: string, body?: object, at = this.#origin): Promise<Response> {
    return fetch(`${at}/api/v1${path}`, {
      method,
      headers: {
        ...this.headers,
        origin: at,
        'content-type': 'application/json',
        // What a proxy says of whom it speaks for; nothing else believes it.
        'x-forwarded-host': new URL(at).host,
        'x-forwarded-proto': 'http',
        'x-forwarded-for': '127.0.0.1'
      },
      ...(body && { body: JSON.stringify(body) })
    });
  }

  /** A share link to a map of theirs. */
  async link(mapId: string, role: string): Promise<{ readonly id: string; readonly token: string }> {
    const made = await this.api('POST', `/maps/${mapId}/links`, {
      role,
      expiresAt: null,
      password: null,
      usesLimit: null
    });
    const text = await made.text();
    if (!made.ok) throw new Error(`no link: ${made.status} ${text}`);
    const { id, url } = JSON.parse(text) as { id: string; url: string };
    return { id, token: url.split('/').at(-1) ?? '' };
  }

  /** Sends a form of ours and keeps the session that comes back. */
  async post(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    const response = await fetch(this.#origin + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...this.headers, accept: 'text/html' },
      body: new URLSearchParams(fields)
    });
    for (const cookie of response.headers.getSetCookie()) this.#cookie = cookie.split(';')[0] ?? '';
    return response;
  }
}

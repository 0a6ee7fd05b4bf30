import { createApp, configFrom, type App } from '../../server/app.ts';
import type { Principal } from '../../server/access/principal.ts';
import { removeData, startProgram, temporaryData } from '../support/program.ts';
import { MESSAGE } from '#lib/protocol/frames.ts';

/*
 * How long people wait for each other's words, for signing in while many do, and for a right to end. On the build:
 * `npm run build && node tests/bench/people.ts`. Wall time of one machine that does everything, browsers left out.
 */
const COMMENTS = 60;
const SIGN_INS = 200;
const REVOKES = 40;
const PASSWORD = 'correct horse battery staple';

const p = (times: readonly number[], share: number): string => {
  const sorted = times.toSorted((a, b) => a - b);
  return `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(0)} ms`;
};
const tell = (what: string, times: readonly number[]) =>
  console.log(`${what.padEnd(46)} p50 ${p(times, 0.5)}, p95 ${p(times, 0.95)} (${times.length} times)`);

async function fill(app: App) {
  const person = async (name: string) => {
    const email = `${name}@example.org`;
    const made = await app.access.accounts.createUser({ email, name, password: PASSWORD });
    if (!made.ok) throw new Error(made.problem);
    const { cookie } = await app.access.sessions.create(made.principal.userId);
    return { principal: made.principal, cookie: `${cookie.name}=${cookie.value}` };
  };
  const [owner, reader] = [await person('owner'), await person('reader')];
  const mapId = await app.maps.create(owner.principal.userId, { preset: 's0-four' });
  const invited: { readonly link: string; readonly cookie: string }[] = [];
  const invite = async ({ principal, cookie }: { principal: Principal; cookie: string }) => {
    const made = await app.maps.createLink(owner.principal, mapId, 'editor');
    if (!made.ok) throw new Error(made.reason);
    await app.maps.join(principal.userId, made.value.token);
    invited.push({ link: made.value.link.id, cookie });
  };
  await invite(reader);
  for (let index = 0; index < REVOKES; index++) {
    const made = await app.access.accounts.createGuest(`Guest ${index}`);
    if (!made.ok) throw new Error(made.problem);
    const { cookie } = await app.access.sessions.create(made.principal.userId);
    await invite({ principal: made.principal, cookie: `${cookie.name}=${cookie.value}` });
  }
  return { mapId, owner: owner.cookie, reader: reader.cookie, guests: invited.slice(1) };
}

const dataDir = temporaryData();
const app = await createApp(
  configFrom({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }, new URL('../../', import.meta.url))
);
const { mapId, owner, reader, guests } = await fill(app);
await app.close();
const program = await startProgram(dataDir, { TRUST_PROXY: '1' });

const headers = (cookie: string) => ({
  origin: program.url,
  cookie,
  'x-forwarded-proto': 'http',
  'x-forwarded-host': new URL(program.url).host
});
const open = (cookie: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const url = `${program.url.replace(/^http/, 'ws')}/sync/${mapId}?v=1`;
    const socket = new WebSocket(url, { headers: headers(cookie) } as unknown as string[]);
    socket.binaryType = 'arraybuffer';
    socket.onerror = () => reject(new Error('no socket'));
    socket.onmessage = ({ data }) => {
      if (new Uint8Array(data as ArrayBuffer)[0] === MESSAGE.hello) resolve(socket);
    };
  });
const call = (method: string, path: string, cookie: string, body?: unknown) =>
  fetch(`${program.url}/api/v1/maps/${mapId}/${path}`, {
    method,
    headers: { ...headers(cookie), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });

/** From the press to the words on another screen: poke, then the list. */
async function comments(): Promise<number[]> {
  const socket = await open(reader);
  const times: number[] = [];
  for (let index = 0; index < COMMENTS; index++) {
    const text = `Comment ${index}`;
    const seen = new Promise<void>((resolve, reject) => {
      socket.onmessage = async ({ data }) => {
        if (new Uint8Array(data as ArrayBuffer)[0] !== MESSAGE.poke) return;
        const list = await call('GET', 'comments?limit=1', reader);
        if ((await list.text()).includes(text)) resolve();
        else reject(new Error('the comment is not in the list'));
      };
    });
    const start = performance.now();
    const begun = await call('POST', 'comments', owner, { anchor: 'map', text });
    if (begun.status !== 201) throw new Error(`comment: ${begun.status}`);
    await seen;
    times.push(performance.now() - start);
  }
  socket.close();
  return times;
}

/** All at once, from networks of their own, to accounts that do not exist: they cost as much as others. */
async function signIns(): Promise<{ readonly signedIn: number[]; readonly others: number[] }> {
  let under = true;
  const others: number[] = [];
  const watch = (async () => {
    while (under) {
      const start = performance.now();
      await call('GET', 'people', owner);
      others.push(performance.now() - start);
    }
  })();
  const signedIn = await Promise.all(
    Array.from({ length: SIGN_INS }, async (_, index) => {
      const start = performance.now();
      const response = await fetch(`${program.url}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        headers: { ...headers(''), accept: 'text/html', 'x-forwarded-for': `198.51.${index % 256}.1` },
        body: new URLSearchParams({ email: `nobody${index}@example.org`, password: PASSWORD })
      });
      await response.arrayBuffer();
      if (response.status !== 400) throw new Error(`sign-in: ${response.status}`);
      return performance.now() - start;
    })
  );
  under = false;
  await watch;
  return { signedIn, others };
}

async function revokes(): Promise<number[]> {
  const times: number[] = [];
  for (const { link, cookie } of guests) {
    const socket = await open(cookie);
    const closed = new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
    const start = performance.now();
    const ended = await call('DELETE', `links/${link}`, owner);
    if (ended.status !== 204) throw new Error(`revoke: ${ended.status}`);
    if ((await closed) !== 4403) throw new Error('closed with another code');
    times.push(performance.now() - start);
  }
  return times;
}

try {
  tell('comment to another screen', await comments());
  tell('link ended to socket closed', await revokes());
  const { signedIn, others } = await signIns();
  tell(`sign-in, ${SIGN_INS} at once`, signedIn);
  tell('another page meanwhile', others);
} finally {
  await program.end('SIGTERM');
  removeData(dataDir);
}

import type { Principal } from '../../../server/access/principal.ts';
import { configFrom, createApp, type App } from '../../../server/app.ts';

/** Everybody there is, the smallest right first; `other` has an account and maps of their own. */
export const CAST = [
  'stranger',
  'other',
  'removed',
  'viewer',
  'commenter',
  'guest',
  'editor',
  'owner'
] as const;
export type Cast = (typeof CAST)[number];

/** What is on one map, by its name in a route. */
export interface OnMap {
  readonly id: string;
  readonly thread: string;
  readonly comment: string;
  readonly version: string;
  readonly link: string;
  readonly token: string; // of the link
  readonly invitation: string;
  readonly person: string; // a further editor
}

export interface Peopled {
  readonly maps: readonly string[];
  onMap(mapId: string): OnMap;
  /** What the browser of somebody sends. */
  headers(who: Cast, origin: string): Record<string, string>;
}

type Made<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };
const value = <T>(made: Made<T>): T => {
  if (!made.ok) throw new Error(made.reason);
  return made.value;
};

const PASSWORD = 'correct horse battery staple';
const LINK = { expiresAt: null, password: null, usesLimit: null };

async function furnish(app: App, people: Readonly<Record<string, Principal>>): Promise<OnMap> {
  const { owner } = people;
  if (!owner) throw new Error('nobody owns it');
  const id = await app.maps.create(owner.userId, { preset: 's0-four' });
  const enter = async (name: string, role: 'editor' | 'commenter' | 'viewer') => {
    const person = people[name];
    const made = value(await app.sharing.createLink(owner, id, { ...LINK, role }));
    if (person) await app.maps.join(person.userId, made.token);
    return { link: made.link.id, token: made.token };
  };
  await enter('viewer', 'viewer');
  await enter('commenter', 'commenter');
  await enter('editor', 'editor');
  await enter('guest', 'editor');
  await enter('removed', 'editor');
  const person = people.further?.userId ?? '';
  const { link, token } = await enter('further', 'editor');
  value(await app.sharing.remove(owner, id, people.removed?.userId ?? ''));
  const thread = value(await app.comments.begin(owner, id, { anchor: 'map', text: 'Why?' }));
  const { threads } = value(await app.comments.list(owner, id, { limit: 1 }));
  const { versions } = value(await app.history.list(owner, id, { limit: 1 }));
  const invited = value(await app.sharing.invite(owner, id, { email: 'new@example.org', role: 'viewer' }));
  return {
    id,
    thread,
    comment: threads[0]?.comments[0]?.id ?? '',
    version: versions[0]?.id ?? '',
    link,
    token,
    invitation: invited.id,
    person
  };
}

/** Fills a data folder with people and so many maps, each with all of them on it. */
export async function peopled(dataDir: string, count: number): Promise<Peopled> {
  const root = new URL('../../../', import.meta.url);
  const app = await createApp(configFrom({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }, root));
  const people: Record<string, Principal> = {};
  const cookies: Record<string, string> = {};
  for (const name of [...CAST, 'further']) {
    if (name === 'stranger') continue;
    const { accounts, sessions } = app.access;
    const made =
      name === 'guest'
        ? await accounts.createGuest('Gus')
        : await accounts.createUser({ email: `${name}@example.org`, name, password: PASSWORD });
    if (!made.ok) throw new Error(made.problem);
    people[name] = made.principal;
    const { cookie } = await sessions.create(made.principal.userId);
    cookies[name] = `${cookie.name}=${cookie.value}`;
  }
  const maps = new Map<string, OnMap>();
  for (let index = 0; index < count; index++) {
    const furnished = await furnish(app, people);
    maps.set(furnished.id, furnished);
  }
  await app.close();
  return {
    maps: [...maps.keys()],
    onMap: (mapId) => {
      const found = maps.get(mapId);
      if (!found) throw new Error('no such map');
      return found;
    },
    headers: (who, origin): Record<string, string> => ({
      origin,
      // Everybody comes from a network of their own: nobody is slowed down by others' tries.
      'x-forwarded-for': `198.51.100.${CAST.indexOf(who)}`,
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(origin).host,
      ...(who === 'stranger' ? {} : { cookie: cookies[who] ?? '' })
    })
  };
}

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Y from 'yjs';
import { createAccess } from '../../../server/access/access.ts';
import { open } from '../../../server/db/open.ts';
import { mapStore } from '../../../server/storage/maps.ts';
import type { MapId } from '../../../src/lib/journey/ids.ts';

/** The people and maps of a bench, by the names that it gave them. */
export interface World {
  /** Cookie headers of guests with a session, every one of them an editor of every map. */
  readonly cookies: readonly string[];
  readonly maps: Readonly<Record<string, MapId>>;
}

const EMPTY = Y.encodeStateAsUpdateV2(new Y.Doc());
const FILE = 'bench-world.json';
const MIGRATIONS = new URL('../../../drizzle/', import.meta.url);

/**
 * Makes sure that `people` guests and a map for each of `names` are in the SQLite database of a data folder, whether
 * its server runs or not; new maps start from `content`, a Yjs update (v2). What an earlier call made is kept, and remembered
 * in the folder.
 */
export async function makeWorld(
  dataDir: string,
  names: readonly string[],
  people: number,
  content: Uint8Array = EMPTY
): Promise<World> {
  const file = join(dataDir, FILE);
  const known = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Memory)
    : { guests: [], maps: {} };
  const opened = await open(join(dataDir, 'meander.sqlite'), MIGRATIONS);
  try {
    const access = createAccess(opened, { secureCookies: false });
    const store = mapStore(opened);
    while (known.guests.length < people) {
      const made = await access.accounts.createGuest(`Guest ${known.guests.length + 1}`);
      if (!made.ok) throw new Error(`no guest: ${made.problem}`);
      const { userId } = made.principal;
      const { cookie } = await access.sessions.create(userId);
      known.guests.push({ userId, cookie: `${cookie.name}=${cookie.value}` });
    }
    const [owner, ...others] = known.guests;
    if (owner === undefined) throw new Error('a bench needs people');
    for (const name of names) {
      if (Object.hasOwn(known.maps, name)) continue;
      const id = randomUUID() as MapId;
      await store.create({ id, title: name, createdBy: owner.userId, snapshot: content });
      for (const { userId } of others) await store.join(id, userId, null, 'editor');
      known.maps[name] = id;
    }
    writeFileSync(file, JSON.stringify(known));
    return { cookies: known.guests.map(({ cookie }) => cookie), maps: known.maps };
  } finally {
    await opened.close();
  }
}

type UserId = Parameters<ReturnType<typeof mapStore>['create']>[0]['createdBy'];
interface Memory {
  readonly guests: { readonly userId: UserId; readonly cookie: string }[];
  readonly maps: Record<string, MapId>;
}

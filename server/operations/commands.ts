import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { isInUse } from '../db/alone.ts';
import type { Opened } from '../db/db.ts';
import { makeFolder } from '../db/folder.ts';
import { open } from '../db/open.ts';
import { readBackup, type Contents } from './backup-file.ts';
import { backup, copy, Refused, restore, type Progress } from './move.ts';
import { verify } from './verify.ts';

/** Where a command writes: `say` to stdout for what was asked for, `tell` to stderr for how far it is. */
export interface Console {
  readonly say: (line: string) => void;
  readonly tell: (line: string) => void;
}

type Place = Pick<Config, 'databaseUrl' | 'dataDir' | 'migrations'>;

const numbered = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

const progressOn =
  ({ tell }: Console): Progress =>
  (table, rows) => {
    if (rows > 0) tell(`  ${table}: ${numbered(rows, 'row')}`);
  };

/** Opens the database that the settings name. */
export const openPlace = async ({ databaseUrl, dataDir, migrations }: Place): Promise<Opened> => {
  if (!databaseUrl.startsWith('postgres')) makeFolder(dataDir);
  return open(databaseUrl, migrations);
};

const using = async <T>(opening: Promise<Opened>, work: (opened: Opened) => Promise<T>): Promise<T> => {
  const opened = await opening;
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
};

const inAll = ({ rows }: Pick<Contents, 'rows'>): string =>
  `${numbered(rows.get('maps') ?? 0, 'map')}, ${numbered(
    [...rows.values()].reduce((sum, count) => sum + count, 0),
    'row'
  )}`;

const alone = async (url: string, which: string): Promise<void> => {
  if (await isInUse(url))
    throw new Refused(`${which} is in use; stop the server (every node of it) first. Nothing was changed.`);
};

/** `admin backup FILE`: the server may be running. */
export const backUp = (place: Place, file: string, console: Console): Promise<void> =>
  using(openPlace(place), async (opened) => {
    const path = resolve(file);
    const contents = await backup(opened, path, progressOn(console));
    // What was written is what is on the disk only when it reads back.
    const read = await readBackup(path, { manifest: () => undefined, rows: () => undefined });
    if (read.sha256 !== contents.sha256) throw new Error(`${path} does not read back as it was written.`);
    console.say(`Backed up ${inAll(contents)} to ${path} (sha256 ${contents.sha256}).`);
  });

/** `admin restore FILE [--replace]` */
export const restoreFrom = async (
  place: Place,
  file: string,
  replace: boolean,
  console: Console
): Promise<void> => {
  await alone(place.databaseUrl, 'The database');
  await using(openPlace(place), async (opened) => {
    const progress = progressOn(console);
    const contents = await restore(opened, resolve(file), { replace, now: new Date() }, progress);
    console.say(`Restored ${inAll(contents)}.`);
  });
};

/** `admin copy --to TARGET [--replace]`: `target` is a `postgres://` address or the path of a SQLite file. */
export const copyTo = async (
  place: Place,
  target: string,
  replace: boolean,
  console: Console
): Promise<void> => {
  const to = /^postgres(ql)?:/.test(target) ? target : resolve(target);
  if (to === place.databaseUrl) throw new Refused('The target is the database itself. Nothing was changed.');
  await alone(place.databaseUrl, 'The database');
  await alone(to, 'The target');
  await using(openPlace(place), (from) =>
    using(open(to, place.migrations), async (opened) => {
      await copy(from, opened, replace, progressOn(console));
      const [before, after] = [await verify(from, () => undefined), await verify(opened, () => undefined)];
      if (before.digest !== after.digest)
        throw new Error('The copy differs from the database; do not use it. The database is as it was.');
      console.say(
        `Copied ${numbered(after.maps, 'map')} and ${numbered(after.versions, 'version')}; ` +
          `both databases hold the same documents (sha256 ${after.digest}).`
      );
    })
  );
};

/** `admin verify [FILE]`: of the database, or of a backup. Answers the exit code: 2 when something is damaged. */
export const verifyAll = async (place: Place, file: string | undefined, console: Console): Promise<0 | 2> => {
  if (file !== undefined) {
    const path = resolve(file);
    const contents = await readBackup(path, { manifest: () => undefined, rows: () => undefined });
    console.say(`${path} is whole: ${inAll(contents)} (sha256 ${contents.sha256}).`);
    return 0;
  }
  return using(openPlace(place), async (opened) => {
    const { maps, versions, damage, digest } = await verify(opened, ({ mapId, what }) =>
      console.say(`map ${mapId}: ${what}`)
    );
    const looked = `Looked at ${numbered(maps, 'map')} and ${numbered(versions, 'version')}`;
    if (damage.length === 0) {
      console.say(`${looked}: all of them are whole (sha256 ${digest}).`);
      return 0;
    }
    const hurt = new Set(damage.map(({ mapId }) => mapId)).size;
    console.say(`${looked}: ${numbered(hurt, 'map')} damaged.`);
    return 2;
  });
};

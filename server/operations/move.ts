import type { Opened, Queries } from '../db/db.ts';
import {
  deleteEverything,
  everyTable,
  firstFilled,
  readRows,
  writeRows,
  type Row,
  type TableLayout
} from '../db/everything.ts';
import { reasonOf } from '../db/problems.ts';
import { BadBackup, readBackup, writeBackup, type Contents, type Manifest } from './backup-file.ts';

/** Why a command did nothing. Its message is one sentence for the operator. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Hears how far a command is: a table is through, with so many rows. */
export type Progress = (table: string, rows: number) => void;

/**
 * Writes every row of the database, as it is at one moment, to a new file at `path`. People may go on working. Throws
 * {@link BadBackup} when the file is there already.
 */
export const backup = (opened: Opened, path: string, progress: Progress): Promise<Contents> =>
  opened.db.reading((tx) =>
    writeBackup(
      path,
      {
        manifest: { migration: newest(opened), tables: everyTable().map(mutable) },
        rows: (layout) => readRows(opened, tx, layout)
      },
      progress
    )
  );

const newest = ({ migrations }: Opened): string => migrations.at(-1) ?? '';

const mutable = ({ name, columns, key }: TableLayout): Manifest['tables'][number] => ({
  name,
  columns: columns.map((column) => ({ ...column })),
  key: [...key]
});

/**
 * Puts a backup in the place of what the database holds, in one transaction: all of it or nothing. Every map gets a new
 * epoch, since what somebody's browser holds of it may be newer than the backup. Nobody else may use the database.
 * Throws {@link BadBackup} and, where rows would be lost without `replace`, {@link Refused}.
 */
export const restore = async (
  opened: Opened,
  path: string,
  { replace, now }: { readonly replace: boolean; readonly now: Date },
  progress: Progress
): Promise<Contents> => {
  // A file that is not whole is told as such, before anything of it is taken for a row.
  await readBackup(path, { manifest: (manifest) => checkOrigin(opened, manifest), rows: () => undefined });
  return opened.db.transaction(async (tx) => {
    const epochs = await makeRoom(opened, tx, replace);
    const newEpoch = epochAfter(epochs, now);
    return readBackup(path, {
      manifest: () => undefined,
      rows: (layout, rows) =>
        write(opened, tx, layout, layout.name === 'maps' ? newEpoch(layout, rows) : rows),
      done: progress
    });
  });
};

/** Says which table it was, and nothing of what stands in it. */
const write = async (
  opened: Opened,
  tx: Queries,
  layout: TableLayout,
  rows: readonly Row[]
): Promise<void> => {
  try {
    await writeRows(opened, tx, layout, rows);
  } catch (error) {
    throw new Error(`Rows of "${layout.name}" cannot be written: ${reasonOf(error)}. Nothing was changed.`, {
      cause: error
    });
  }
};

/** Empties the target. Answers the highest epoch that its maps had. */
const makeRoom = async (opened: Opened, tx: Queries, replace: boolean): Promise<number> => {
  const filled = await firstFilled(opened, tx);
  if (filled !== null && !replace)
    throw new Refused(
      `The database is not empty: there are rows in "${filled}". Nothing was changed; --replace puts the backup in their place.`
    );
  const { maps } = opened.tables;
  const rows = await tx.select({ epoch: maps.epoch }).from(maps);
  await deleteEverything(opened, tx);
  return rows.reduce((most, { epoch }) => Math.max(most, epoch), 0);
};

const checkOrigin = (opened: Opened, { migration, made }: Manifest): void => {
  if (migration === newest(opened)) return;
  const known = opened.migrations.includes(migration);
  throw new Refused(
    `The backup of ${made} was made by ${known ? 'an older' : 'a newer'} version (its tables are those of ${migration}). ` +
      `Nothing was changed. Restore it with that version${known ? ', then start this one, which brings its tables up to date' : ''}.`
  );
};

/**
 * Numbers that no epoch of these maps has had: seconds since 1970, so that a backup that is restored twice gives two
 * different ones.
 */
const epochAfter =
  (highest: number, now: Date) =>
  (layout: TableLayout, rows: readonly Row[]): Row[] => {
    const at = layout.columns.findIndex(({ name }) => name === 'epoch');
    if (at < 0) throw new BadBackup('The table of maps has no epoch.');
    return rows.map((row) => {
      const epoch = Math.max(Number(row[at]) + 1, highest + 1, Math.floor(now.getTime() / 1000));
      return row.map((value, index) => (index === at ? epoch : value));
    });
  };

/**
 * Copies every row to another database, which may be of the other kind, in one transaction there. The maps are the same
 * ones afterwards, epoch and all: people go on where they were once the server uses the copy. Nobody may use either
 * database. Throws {@link Refused} when the target is not empty.
 */
export const copy = (from: Opened, to: Opened, replace: boolean, progress: Progress): Promise<void> =>
  from.db.reading((reading) =>
    to.db.transaction(async (writing) => {
      await makeRoom(to, writing, replace);
      for (const layout of everyTable()) {
        let count = 0;
        for await (const rows of readRows(from, reading, layout)) {
          await write(to, writing, layout, rows);
          count += rows.length;
        }
        progress(layout.name, count);
      }
    })
  );

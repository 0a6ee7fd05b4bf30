import { eq } from 'drizzle-orm';
import type { Opened } from './db.ts';

/** Answers the key of that name, the same on every node; `fresh` is what it becomes when there is none yet. */
export const keyOf = async ({ db, tables }: Opened, name: string, fresh: Uint8Array): Promise<Uint8Array> => {
  const { keys } = tables;
  await db.insert(keys).values({ name, bytes: fresh }).onConflictDoNothing();
  const [row] = await db.select().from(keys).where(eq(keys.name, name));
  if (row === undefined) throw new Error(`The key ${name} has just been deleted.`);
  return row.bytes;
};

/** Puts `bytes` in the place of what stands under that name. */
export const storeKey = async ({ db, tables }: Opened, name: string, bytes: Uint8Array): Promise<void> => {
  await db
    .insert(tables.keys)
    .values({ name, bytes })
    .onConflictDoUpdate({ target: tables.keys.name, set: { bytes } });
};

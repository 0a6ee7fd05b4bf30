import { and, count, desc, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import { note } from './audit.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { holdMap } from './maps.ts';
import { storable } from './text.ts';

/** As many parameters one statement gets. */
const CHUNK = 1000;

type Kind = 'created' | 'named' | 'automatic' | 'restored';

export interface VersionRow {
  readonly id: string;
  readonly mapId: MapId;
  readonly kind: Kind;
  readonly name: string | null;
  readonly reason: string | null;
  readonly userId: UserId | null;
  readonly restoredId: string | null;
  readonly seq: number;
  readonly clv: number | null;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly stateVector: Uint8Array;
}

export type VersionQueries = ReturnType<typeof versionQueries>;

/** The states of maps that were kept. Checksums, and what has outlived its use, are the caller's to judge. */
export const versionQueries = ({ db, tables }: Opened) => {
  const { maps, versions, versionPeople, users, updates, writers } = tables;
  const shown = {
    id: versions.id,
    kind: versions.kind,
    name: versions.name,
    reason: versions.reason,
    userId: versions.userId,
    userName: users.name,
    restoredId: versions.restoredId,
    clv: versions.clv,
    at: versions.at
  };
  const heads = (q: Queries) => q.select(shown).from(versions).leftJoin(users, eq(users.id, versions.userId));

  const named = async (tx: Queries, mapId: MapId): Promise<number> => {
    const [row] = await tx
      .select({ named: count() })
      .from(versions)
      .where(and(eq(versions.mapId, mapId), isNotNull(versions.name)));
    return row?.named ?? 0;
  };

  /** Everybody whose update or client id is newer than the version before. */
  const peopleSince = async (
    tx: Queries,
    mapId: MapId,
    seq: number,
    clientIds: ReadonlySet<number>
  ): Promise<Set<UserId>> => {
    const people = new Set<UserId>();
    // Who only deleted has written nothing that a state vector tells; the log does, where it still reaches.
    const logged = await tx
      .selectDistinct({ userId: updates.userId })
      .from(updates)
      .where(and(eq(updates.mapId, mapId), gt(updates.seq, seq), isNotNull(updates.userId)));
    for (const { userId } of logged) if (userId !== null) people.add(userId);
    const ids = [...clientIds];
    for (let start = 0; start < ids.length; start += CHUNK) {
      const bound = await tx
        .selectDistinct({ userId: writers.userId })
        .from(writers)
        .where(and(eq(writers.mapId, mapId), inArray(writers.clientId, ids.slice(start, start + CHUNK))));
      for (const { userId } of bound) if (userId !== null) people.add(userId);
    }
    return people;
  };

  return {
    add: (
      row: VersionRow,
      rules: {
        readonly namedAtMost: number;
        /** Nothing is added when the newest version is younger than this, or has seen the same; null: always add. */
        readonly unlessSince: Date | null;
        readonly writersSince: (before: Uint8Array | null) => ReadonlySet<number>;
        readonly outlived: (
          automatic: readonly { readonly id: string; readonly at: Date }[],
          now: Date
        ) => readonly string[];
      }
    ): Promise<'added' | 'full' | null> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, row.mapId))) return null;
        const ofMap = eq(versions.mapId, row.mapId);
        const [last] = await tx
          .select({ at: versions.at, seq: versions.seq, stateVector: versions.stateVector })
          .from(versions)
          .where(ofMap)
          .orderBy(desc(versions.at), desc(versions.id))
          .limit(1);
        const { unlessSince } = rules;
        if (last && unlessSince !== null && (last.at > unlessSince || last.seq >= row.seq)) return null;
        if (row.name !== null && (await named(tx, row.mapId)) >= rules.namedAtMost) return 'full';
        // Two versions of one moment must have an order, the order in which they were added.
        const now = new Date(Math.max(Date.now(), (last?.at.getTime() ?? 0) + 1));
        const name = row.name === null ? null : storable(row.name);
        const reason = row.reason === null ? null : storable(row.reason);
        await tx.insert(versions).values({ ...row, name, reason, at: now });
        const people = await peopleSince(
          tx,
          row.mapId,
          last?.seq ?? 0,
          rules.writersSince(last?.stateVector ?? null)
        );
        if (people.size > 0)
          await tx.insert(versionPeople).values([...people].map((userId) => ({ versionId: row.id, userId })));
        const automatic = await tx
          .select({ id: versions.id, at: versions.at })
          .from(versions)
          .where(and(ofMap, eq(versions.kind, 'automatic'), isNull(versions.name)))
          .orderBy(desc(versions.at), desc(versions.id));
        const gone = rules.outlived(automatic, now);
        for (let start = 0; start < gone.length; start += CHUNK)
          await tx.delete(versions).where(inArray(versions.id, gone.slice(start, start + CHUNK)));
        if (row.kind === 'restored')
          await note(tx, tables, {
            action: 'version restored',
            by: row.userId,
            mapId: row.mapId,
            detail: { version: row.restoredId, kept: row.id }
          });
        return 'added';
      }),

    /** Gives a version a name, in its map's turn; see `add` for `full`. */
    rename: (
      mapId: MapId,
      id: string,
      given: { readonly name: string; readonly reason: string | null },
      namedAtMost: number
    ): Promise<'added' | 'full' | null> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return null;
        const mine = and(eq(versions.mapId, mapId), eq(versions.id, storable(id)));
        const [known] = await tx.select({ name: versions.name }).from(versions).where(mine);
        if (!known) return null;
        if (known.name === null && (await named(tx, mapId)) >= namedAtMost) return 'full';
        await tx
          .update(versions)
          .set({
            name: storable(given.name),
            reason: given.reason === null ? null : storable(given.reason)
          })
          .where(mine);
        return 'added';
      }),

    page: (mapId: MapId, after: { readonly at: Date; readonly id: string } | null, limit: number) =>
      heads(db)
        .where(
          and(
            eq(versions.mapId, mapId),
            after === null
              ? undefined
              : or(lt(versions.at, after.at), and(eq(versions.at, after.at), lt(versions.id, after.id)))
          )
        )
        .orderBy(desc(versions.at), desc(versions.id))
        .limit(limit),

    one: async (mapId: MapId, id: string) => {
      const [row] = await heads(db).where(and(eq(versions.mapId, mapId), eq(versions.id, storable(id))));
      return row ?? null;
    },

    people: async (ids: readonly string[]) =>
      ids.length === 0
        ? []
        : db
            .select({ versionId: versionPeople.versionId, id: versionPeople.userId, name: users.name })
            .from(versionPeople)
            .leftJoin(users, eq(users.id, versionPeople.userId))
            .where(inArray(versionPeople.versionId, [...ids]))
            .orderBy(sql`${versionPeople.versionId}`, sql`${versionPeople.userId}`),

    bytes: async (mapId: MapId, id: string) => {
      const [row] = await db
        .select({ bytes: versions.bytes, sha256: versions.sha256 })
        .from(versions)
        .innerJoin(maps, eq(maps.id, versions.mapId))
        .where(and(eq(versions.mapId, mapId), eq(versions.id, storable(id))));
      return row ?? null;
    }
  };
};

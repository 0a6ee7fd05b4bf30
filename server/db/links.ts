import { and, asc, eq, gt, isNull, or } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import { note } from './audit.ts';
import type { Opened } from './db.ts';
import type { UserId } from './ids.ts';
import { holdMap } from './maps.ts';
import { storable } from './text.ts';

export type LinkQueries = ReturnType<typeof linkQueries>;

/** A share link, without what opens it. */
export interface LinkRow {
  readonly id: string;
  readonly mapId: MapId;
  readonly role: 'editor' | 'commenter' | 'viewer';
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly usesLimit: number | null; // how many people may come by it
  readonly uses: number; // how many have
  readonly locked: boolean; // it asks for a password
}

/** Share links: only hashes of their tokens and passwords are kept. */
export const linkQueries = ({ db, tables }: Opened) => {
  const { links, maps } = tables;
  const shown = (row: typeof links.$inferSelect): LinkRow => ({
    id: row.id,
    mapId: row.mapId,
    role: row.role,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    usesLimit: row.usesLimit,
    uses: row.uses,
    locked: row.passwordHash !== null
  });
  const working = () =>
    and(isNull(links.revokedAt), or(isNull(links.expiresAt), gt(links.expiresAt, new Date())));
  const ofMap = (mapId: MapId, linkId: string) =>
    and(eq(links.id, storable(linkId)), eq(links.mapId, mapId), isNull(links.revokedAt));

  return {
    /** Null when the map is unknown or in the trash. Opens the map to links. */
    create: (link: {
      readonly id: string;
      readonly mapId: MapId;
      readonly role: LinkRow['role'];
      readonly tokenHash: string;
      readonly createdBy: UserId;
      readonly expiresAt: Date | null;
      readonly passwordHash: string | null;
      readonly usesLimit: number | null;
    }) =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, link.mapId))) return null;
        await tx.update(maps).set({ visibility: 'link' }).where(eq(maps.id, link.mapId));
        const [row] = await tx.insert(links).values(link).returning();
        const { mapId, createdBy: by, id, role, expiresAt, usesLimit } = link;
        const detail = {
          link: id,
          role,
          expires: expiresAt?.toISOString() ?? null,
          uses: usesLimit,
          password: link.passwordHash !== null
        };
        await note(tx, tables, { action: 'link made', by, mapId, detail });
        return row ? shown(row) : null;
      }),

    /** Those that were not ended, also when their time is over. */
    ofMap: async (mapId: MapId) => {
      const rows = await db
        .select()
        .from(links)
        .where(and(eq(links.mapId, mapId), isNull(links.revokedAt)))
        .orderBy(asc(links.createdAt), asc(links.id));
      return rows.map(shown);
    },

    revoke: (mapId: MapId, linkId: string, by: UserId | null): Promise<boolean> =>
      db.transaction(async (tx) => {
        const [ended] = await tx
          .update(links)
          .set({ revokedAt: new Date() })
          .where(ofMap(mapId, linkId))
          .returning({ id: links.id });
        if (ended) await note(tx, tables, { action: 'link ended', by, mapId, detail: { link: ended.id } });
        return ended !== undefined;
      }),

    /** Gives a link another token; the old one opens nothing any more. */
    rotate: (mapId: MapId, linkId: string, tokenHash: string, by: UserId): Promise<boolean> =>
      db.transaction(async (tx) => {
        const [changed] = await tx
          .update(links)
          .set({ tokenHash })
          .where(ofMap(mapId, linkId))
          .returning({ id: links.id });
        if (changed)
          await note(tx, tables, { action: 'link replaced', by, mapId, detail: { link: changed.id } });
        return changed !== undefined;
      }),

    /** The link of a token, when it opens its map now. */
    byHash: async (tokenHash: string) => {
      const [row] = await db
        .select({ link: links })
        .from(links)
        .innerJoin(maps, eq(maps.id, links.mapId))
        .where(
          and(eq(links.tokenHash, tokenHash), working(), isNull(maps.trashedAt), eq(maps.visibility, 'link'))
        );
      return row ? { ...shown(row.link), passwordHash: row.link.passwordHash } : null;
    },

    /** Whose a token was that opens nothing now. */
    deadByHash: async (tokenHash: string) => {
      const [row] = await db
        .select({ id: links.id, mapId: links.mapId })
        .from(links)
        .where(eq(links.tokenHash, tokenHash));
      return row ?? null;
    }
  };
};

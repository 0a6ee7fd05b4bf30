import { and, asc, eq, isNull } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import { note } from './audit.ts';
import type { Opened } from './db.ts';
import type { UserId } from './ids.ts';
import { holdMap } from './maps.ts';
import { storable } from './text.ts';

export type LinkQueries = ReturnType<typeof linkQueries>;

/** Share links: only hashes of their tokens are kept. */
export const linkQueries = ({ db, tables }: Opened) => {
  const { links, maps } = tables;
  const shown = { id: links.id, mapId: links.mapId, role: links.role, createdAt: links.createdAt };
  return {
    /** Null when the map is unknown or in the trash. */
    create: (link: {
      readonly id: string;
      readonly mapId: MapId;
      readonly role: 'editor' | 'commenter' | 'viewer';
      readonly tokenHash: string;
      readonly createdBy: UserId;
    }) =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, link.mapId))) return null;
        const [row] = await tx.insert(links).values(link).returning(shown);
        const { mapId, createdBy: by, id, role } = link;
        await note(tx, tables, { action: 'link made', by, mapId, detail: { link: id, role } });
        return row ?? null;
      }),

    ofMap: (mapId: MapId) =>
      db
        .select(shown)
        .from(links)
        .where(and(eq(links.mapId, mapId), isNull(links.revokedAt)))
        .orderBy(asc(links.createdAt), asc(links.id)),

    revoke: (mapId: MapId, linkId: string, by: UserId | null): Promise<boolean> =>
      db.transaction(async (tx) => {
        const [ended] = await tx
          .update(links)
          .set({ revokedAt: new Date() })
          .where(and(eq(links.id, storable(linkId)), eq(links.mapId, mapId), isNull(links.revokedAt)))
          .returning({ id: links.id });
        if (ended) await note(tx, tables, { action: 'link ended', by, mapId, detail: { link: ended.id } });
        return ended !== undefined;
      }),

    byHash: async (tokenHash: string) => {
      const [row] = await db
        .select(shown)
        .from(links)
        .innerJoin(maps, eq(maps.id, links.mapId))
        .where(and(eq(links.tokenHash, tokenHash), isNull(links.revokedAt), isNull(maps.trashedAt)));
      return row ?? null;
    }
  };
};

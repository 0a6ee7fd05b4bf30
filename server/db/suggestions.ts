import { and, count, desc, eq, inArray, isNull, lt, ne, or } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import { note } from './audit.ts';
import type { Since } from './comments.ts';
import type { Opened } from './db.ts';
import type { UserId } from './ids.ts';
import { rightsIn } from './rights.ts';
import { holdMap } from './maps.ts';

export type SuggestionQueries = ReturnType<typeof suggestionQueries>;

/** Edits that people propose. Texts are `storable` already. */
export const suggestionQueries = ({ db, tables }: Opened) => {
  const { suggestions, users, maps, members, links } = tables;
  type Row = typeof suggestions.$inferSelect;
  type NewRow = typeof suggestions.$inferInsert & { readonly mapId: MapId };

  return {
    /** False when the map is in the trash, or would have more than `most` open suggestions. */
    add: (mapId: MapId, rows: readonly NewRow[], most: number): Promise<boolean> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return false;
        const [now] = await tx
          .select({ count: count() })
          .from(suggestions)
          .where(and(eq(suggestions.mapId, mapId), eq(suggestions.state, 'open')));
        if ((now?.count ?? 0) + rows.length > most) return false;
        await tx.insert(suggestions).values([...rows]);
        return true;
      }),

    one: async (mapId: MapId, id: string): Promise<Row | null> => {
      const [row] = await db
        .select()
        .from(suggestions)
        .where(and(eq(suggestions.id, id), eq(suggestions.mapId, mapId)));
      return row ?? null;
    },

    page: (mapId: MapId, open: boolean, after: Since | null, limit: number) =>
      db
        .select()
        .from(suggestions)
        .where(
          and(
            eq(suggestions.mapId, mapId),
            open ? eq(suggestions.state, 'open') : ne(suggestions.state, 'open'),
            after === null
              ? undefined
              : or(
                  lt(suggestions.createdAt, after.at),
                  and(eq(suggestions.createdAt, after.at), lt(suggestions.id, after.id))
                )
          )
        )
        .orderBy(desc(suggestions.createdAt), desc(suggestions.id))
        .limit(limit),

    /** Takes an open suggestion in hand until `until`; false when somebody else has it, or it is decided. */
    hold: async (mapId: MapId, id: string, userId: UserId, now: Date, until: Date): Promise<boolean> => {
      const held = await db
        .update(suggestions)
        .set({ heldBy: userId, heldUntil: until })
        .where(
          and(
            eq(suggestions.id, id),
            eq(suggestions.mapId, mapId),
            eq(suggestions.state, 'open'),
            or(isNull(suggestions.heldBy), eq(suggestions.heldBy, userId), lt(suggestions.heldUntil, now))
          )
        )
        .returning({ id: suggestions.id });
      return held.length > 0;
    },

    /** Lets go of what this person holds. */
    letGo: async (id: string, userId: UserId): Promise<void> => {
      await db
        .update(suggestions)
        .set({ heldBy: null, heldUntil: null })
        .where(and(eq(suggestions.id, id), eq(suggestions.heldBy, userId), eq(suggestions.state, 'open')));
    },

    /** Decides an open suggestion and notes it in the audit; false when it is decided already. */
    decide: (
      mapId: MapId,
      id: string,
      decided: Pick<Row, 'state' | 'decidedAt' | 'reason' | 'clvBefore' | 'clvAfter'> & {
        readonly decidedBy: UserId;
      }
    ): Promise<boolean> =>
      db.transaction(async (tx) => {
        const [changed] = await tx
          .update(suggestions)
          .set({ ...decided, heldBy: null, heldUntil: null })
          .where(and(eq(suggestions.id, id), eq(suggestions.mapId, mapId), eq(suggestions.state, 'open')))
          .returning({ id: suggestions.id, userId: suggestions.userId });
        if (changed === undefined) return false;
        const { state: verdict, decidedBy: by } = decided;
        if (verdict !== 'withdrawn')
          await note(tx, tables, {
            action: 'decision',
            by,
            mapId,
            person: changed.userId,
            detail: { verdict, suggestion: id }
          });
        return true;
      }),

    /** Everybody who may accept, now. */
    editors: (mapId: MapId) => {
      const { link, role, holds } = rightsIn(tables);
      return db
        .select({ id: users.id })
        .from(members)
        .innerJoin(users, eq(users.id, members.userId))
        .innerJoin(maps, eq(maps.id, members.mapId))
        .leftJoin(links, link)
        .where(and(eq(members.mapId, mapId), holds, inArray(role, ['owner', 'editor'])));
    }
  };
};

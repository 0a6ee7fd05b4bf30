import { and, eq, isNull, or, sql, type Placeholder } from 'drizzle-orm';
import type { Role } from '#lib/protocol/roles.ts';
import type { Opened } from './db.ts';

/**
 * The one place where it stands what a row of `members` gives, for statements that join it with its map and, by
 * `link`, with its link. What an owner gave decides; else the link does, as long as it works and the map is open to links.
 */
export const rightsIn = (
  { maps, members, links }: Opened['tables'],
  now: Date | Placeholder = new Date()
) => {
  const lent = sql`case when ${maps.visibility} = 'link' then ${links.role} end`;
  return {
    /** For the left join of `links`. */
    link: and(
      eq(links.id, members.linkId),
      isNull(links.revokedAt),
      or(isNull(links.expiresAt), sql`${links.expiresAt} > ${sql.param(now, links.expiresAt)}`)
    ),
    role: sql<Role>`coalesce(${members.role}, ${lent})`,
    /** For the `where`: there is a right. */
    holds: sql`coalesce(${members.role}, ${lent}, 'none') <> 'none'`,
    /** When the right ends by itself; null: never. */
    until: sql<Date | null>`case when ${members.role} is null then ${links.expiresAt} end`.mapWith(
      links.expiresAt
    )
  };
};

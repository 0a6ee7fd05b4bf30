import { isMapId } from '#lib/journey/ids.ts';
import type { AuditPage, AuditPerson, AuditRow } from '#lib/protocol/audit.ts';
import type { Authorize } from './access/access.ts';
import type { Principal, UserId } from './access/principal.ts';
import { auditQueries, type AuditEntry, type Verified } from './db/audit.ts';
import type { Opened } from './db/db.ts';
import type { MapId } from '#lib/journey/ids.ts';
import type { Outcome } from './maps.ts';
import { BadCursor } from './storage/ports.ts';

type Page = { readonly cursor?: string | undefined; readonly limit: number };

/** The append-only record of who did what, each row sealed by the hash of the one before. */
export interface Audit {
  /** Adds a row, where the action has no transaction of its own to add it in. */
  readonly note: (entry: AuditEntry) => Promise<void>;
  /** What happened on a map, for its owners. `limit` 1 to 100. Throws {@link BadCursor}. */
  ofMap(by: Principal | null, mapId: string, page: Page): Promise<Outcome<AuditPage>>;
  /** Everything, for the operator. */
  all(page: Page): Promise<AuditPage>;
  /** Reads the chain from its beginning; `noted` is a head written down elsewhere, which must be part of it. */
  verify(noted: { readonly seq: number; readonly hash: string } | null): Promise<Verified>;
  /** Lets go of what is older than it is kept. */
  prune(): Promise<void>;
}

interface Parts {
  readonly opened: Opened;
  readonly authorize: Authorize;
  /** How long rows are kept. */
  readonly days: number;
}

const DAY_MS = 24 * 3_600_000;

export function createAudit({ opened, authorize, days }: Parts): Audit {
  const queries = auditQueries(opened);

  const page = async (mapId: MapId | null, { cursor, limit }: Page): Promise<AuditPage> => {
    const before = cursor === undefined ? null : placeOf(cursor);
    const count = Math.min(Math.max(Math.trunc(limit), 1), 100);
    const rows = await queries.page(mapId, before, count + 1);
    const shown = rows.slice(0, count);
    const ids = [...new Set(shown.flatMap(({ userId, personId }) => [userId, personId]))].filter(
      (id): id is UserId => id !== null
    );
    const found = ids.length === 0 ? [] : await queries.people(ids);
    const people = new Map<string, AuditPerson>(found.map((person) => [person.id, person]));
    const personOf = (id: string | null): AuditPerson | null =>
      id === null ? null : (people.get(id) ?? { id, name: null, guest: false });
    const last = shown.at(-1);
    return {
      rows: shown.map((row): AuditRow => ({
        seq: row.seq,
        at: row.at.toISOString(),
        action: row.action,
        by: personOf(row.userId),
        person: personOf(row.personId),
        detail: JSON.parse(row.detail) as AuditRow['detail']
      })),
      next: rows.length > count && last ? String(last.seq) : null
    };
  };

  return {
    note: queries.note,
    ofMap: async (by, mapId, asked) => {
      const grant = await authorize(by, mapId, 'share');
      if (!grant.allowed) return { ok: false, reason: grant.reason };
      if (!isMapId(mapId)) return { ok: false, reason: 'unknown' };
      return { ok: true, value: await page(mapId, asked) };
    },
    all: (asked) => page(null, asked),
    verify: queries.verify,
    prune: () => queries.prune(new Date(Date.now() - days * DAY_MS))
  };
}

const placeOf = (cursor: string): number => {
  if (!/^\d{1,15}$/.test(cursor)) throw new BadCursor('The page cursor is not one of ours.');
  return Number(cursor);
};

import { createHash } from 'node:crypto';
import { and, asc, desc, eq, gt, gte, inArray, lt, sql } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { AuditAction } from '#lib/protocol/audit.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { storable } from './text.ts';

/** What happened. `detail` never holds what opens something: no token, no password, no hash of one. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly by: UserId | null; // null: a stranger, or the operator
  readonly mapId?: MapId | null;
  readonly person?: UserId | null; // whom it concerns besides
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Where the chain begins. */
const GENESIS = createHash('sha256').update('meander audit').digest('hex');
const CHAIN = 'audit';
const PAGE = 1000;

/** A stored row, as its hash covers it. */
interface Sealed {
  readonly seq: number;
  readonly at: Date;
  readonly action: string;
  readonly userId: string | null;
  readonly mapId: string | null;
  readonly personId: string | null;
  readonly detail: string;
}

const seal = (before: string, row: Sealed): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        before,
        row.seq,
        row.at.getTime(),
        row.action,
        row.userId,
        row.mapId,
        row.personId,
        row.detail
      ])
    )
    .digest('hex');

/**
 * Adds a row to the audit. The last statement of its transaction: it holds the one row that every writer of every node
 * waits for, and whoever held that first and a map's row second would wait for ever.
 */
export const note = async (tx: Queries, tables: Opened['tables'], entry: AuditEntry): Promise<void> => {
  const { audit, auditHeads } = tables;
  const [head] = await tx
    .insert(auditHeads)
    .values({ id: CHAIN, seq: 1, hash: GENESIS, baseSeq: 0, baseHash: GENESIS })
    .onConflictDoUpdate({ target: auditHeads.id, set: { seq: sql`${auditHeads.seq} + 1` } })
    .returning();
  if (!head) throw new Error('the audit has no head');
  const row = {
    seq: head.seq,
    at: new Date(),
    action: entry.action,
    userId: entry.by,
    mapId: entry.mapId ?? null,
    personId: entry.person ?? null,
    detail: storable(JSON.stringify(entry.detail ?? {}))
  };
  const hash = seal(head.hash, row);
  await tx.insert(audit).values({ ...row, hash });
  await tx.update(auditHeads).set({ hash }).where(eq(auditHeads.id, CHAIN));
};

/** `broken`: the first row that is not as it was written, or is missing. */
export type Verified =
  | {
      readonly ok: true;
      readonly rows: number;
      readonly head: { readonly seq: number; readonly hash: string };
    }
  | { readonly ok: false; readonly broken: number };

export type AuditQueries = ReturnType<typeof auditQueries>;

/** The record of who did what: rows are added, and go when they are old enough; none is ever changed. */
export const auditQueries = ({ db, tables }: Opened) => {
  const { audit, auditHeads, users } = tables;

  const headOf = async (q: Queries) => {
    const [head] = await q.select().from(auditHeads).where(eq(auditHeads.id, CHAIN));
    return head ?? { seq: 0, hash: GENESIS, baseSeq: 0, baseHash: GENESIS };
  };

  return {
    note: (entry: AuditEntry): Promise<void> => db.transaction((tx) => note(tx, tables, entry)),

    /** Of one map, or of everything; newest first, before number `before`. */
    page: (mapId: MapId | null, before: number | null, limit: number) =>
      db
        .select()
        .from(audit)
        .where(
          and(
            mapId === null ? undefined : eq(audit.mapId, mapId),
            before === null ? undefined : lt(audit.seq, before)
          )
        )
        .orderBy(desc(audit.seq))
        .limit(limit),

    people: (ids: readonly UserId[]) =>
      db
        .select({ id: users.id, name: users.name, guest: users.guest })
        .from(users)
        .where(inArray(users.id, [...ids])),

    /** Reads the whole chain. `noted`: a head that was written down elsewhere and must be part of it. */
    verify: (noted: { readonly seq: number; readonly hash: string } | null): Promise<Verified> =>
      db.reading(async (tx) => {
        const head = await headOf(tx);
        let { baseSeq: seq, baseHash: hash } = head;
        let rows = 0;
        let seen = noted === null || noted.seq <= seq;
        for (;;) {
          const page = await tx
            .select()
            .from(audit)
            .where(gt(audit.seq, seq))
            .orderBy(asc(audit.seq))
            .limit(PAGE);
          for (const row of page) {
            if (row.seq !== seq + 1 || seal(hash, row) !== row.hash) return { ok: false, broken: seq + 1 };
            ({ seq, hash } = row);
            rows++;
            if (noted?.seq === seq) {
              if (noted.hash !== hash) return { ok: false, broken: seq };
              seen = true;
            }
          }
          if (page.length < PAGE) break;
        }
        if (!seen || seq !== head.seq || hash !== head.hash) return { ok: false, broken: seq + 1 };
        return { ok: true, rows, head: { seq, hash } };
      }),

    /** Lets go of the oldest rows, those of before `since`; the chain goes on from the last of them. */
    prune: (since: Date): Promise<void> =>
      db.transaction(async (tx) => {
        const [head] = await tx
          .update(auditHeads)
          .set({ seq: sql`${auditHeads.seq}` })
          .where(eq(auditHeads.id, CHAIN))
          .returning();
        if (!head) return;
        const [kept] = await tx
          .select({ seq: audit.seq })
          .from(audit)
          .where(gte(audit.at, since))
          .orderBy(asc(audit.seq))
          .limit(1);
        const last = (kept?.seq ?? head.seq + 1) - 1;
        const [before] = await tx.select({ hash: audit.hash }).from(audit).where(eq(audit.seq, last));
        if (!before) return;
        await tx.delete(audit).where(lt(audit.seq, last + 1));
        await tx
          .update(auditHeads)
          .set({ baseSeq: last, baseHash: before.hash })
          .where(eq(auditHeads.id, CHAIN));
      })
  };
};

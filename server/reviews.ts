import { randomUUID } from 'node:crypto';
import { readJourney } from '#lib/document/read.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import {
  nextReview,
  REMIND_DAYS,
  REVIEW_LIMITS,
  REVIEW_TOPIC,
  type Review,
  type ReviewInterval,
  type ReviewOutcome
} from '#lib/protocol/reviews.ts';
import { evaluateMap } from '#lib/scenarios/evaluate.ts';
import type { Action, Authorize } from './access/access.ts';
import type { Principal, UserId } from './access/principal.ts';
import type { Opened } from './db/db.ts';
import { reviewQueries } from './db/reviews.ts';
import { storable } from './db/text.ts';
import type { Inbox } from './inbox.ts';
import type { Outcome } from './maps.ts';
import type { Rooms } from './rooms/types.ts';

const DAY_MS = 86_400_000;

/** The review cycle of maps, and their wins. Each call asks for the right first. */
export interface Reviews {
  read(by: Principal | null, mapId: string): Promise<Outcome<Review>>;
  /** Whoever edits plans; reviewers who are not on the map are left out. */
  plan(
    by: Principal | null,
    mapId: string,
    given: {
      readonly dueAt: Date | null;
      readonly every: ReviewInterval;
      readonly reviewers: readonly string[];
    }
  ): Promise<Outcome<void>>;
  /** Whoever comments can review. The next one is due by the plan's interval. */
  conclude(
    by: Principal | null,
    mapId: string,
    given: { readonly outcome: ReviewOutcome; readonly note: string }
  ): Promise<Outcome<void>>;
  /** Tells everybody on the map. Answers its id; `unknown` also when there is no room for more. */
  celebrate(
    by: Principal | null,
    mapId: string,
    given: { readonly text: string; readonly amount: number | null }
  ): Promise<Outcome<string>>;
  /** Its author, or an owner of the map. */
  removeWin(by: Principal | null, mapId: string, win: string): Promise<Outcome<void>>;
  /** Reminds reviewers of what is due, once a week before and once when it is; for a timer. */
  remind(): Promise<void>;
}

interface Parts {
  readonly opened: Opened;
  readonly authorize: Authorize;
  readonly rooms: Pick<Rooms, 'poke' | 'read'>;
  readonly inbox: Pick<Inbox, 'tell'>;
  readonly now?: () => number;
}

export function createReviews({ opened, authorize, rooms, inbox, now = Date.now }: Parts): Reviews {
  const queries = reviewQueries(opened);

  const allowed = async <T>(
    by: Principal | null,
    mapId: string,
    action: Action,
    work: (mapId: MapId, by: Principal, isOwner: boolean) => Promise<Outcome<T>>
  ): Promise<Outcome<T>> => {
    const grant = await authorize(by, mapId, action);
    if (!grant.allowed) return { ok: false, reason: grant.reason };
    return by !== null && isMapId(mapId) ? work(mapId, by, grant.role === 'owner') : unknown;
  };
  const poked = (mapId: MapId): Outcome<void> => {
    rooms.poke(mapId, { topic: REVIEW_TOPIC });
    return { ok: true, value: undefined };
  };
  const clvOf = (mapId: MapId): Promise<number | null> =>
    rooms.read(mapId, (doc) => {
      const { baseline } = evaluateMap(readJourney(doc));
      return baseline.ok ? baseline.value.clv : null;
    });
  const reviewersOf = async (mapId: MapId): Promise<readonly UserId[]> => {
    const named = await queries.reviewers(mapId);
    return (named.length > 0 ? named : await queries.owners(mapId)).map(({ id }) => id);
  };

  return {
    read: (by, mapId) =>
      allowed(by, mapId, 'read', async (id) => {
        const [plan, reviewers, concluded, wins] = await Promise.all([
          queries.plan(id),
          queries.reviewers(id),
          queries.concluded(id),
          queries.wins(id)
        ]);
        const rows = await queries.people([...new Set([...concluded, ...wins].map(({ userId }) => userId))]);
        const people = new Map(rows.map((person) => [person.id, { ...person, name: person.name ?? '' }]));
        return {
          ok: true,
          value: {
            dueAt: plan?.dueAt?.toISOString() ?? null,
            every: plan?.every ?? 'never',
            reviewers: reviewers.map((person) => ({ ...person, name: person.name ?? '' })),
            concluded: concluded.map(({ id: one, userId, outcome, note, clv, at }) => ({
              id: one,
              by: people.get(userId) ?? null,
              outcome,
              note,
              clv,
              at: at.toISOString()
            })),
            wins: wins.map(({ id: one, userId, text, amount, at }) => ({
              id: one,
              by: people.get(userId) ?? null,
              text,
              amount,
              at: at.toISOString()
            }))
          }
        };
      }),

    plan: (by, mapId, { dueAt, every, reviewers }) =>
      allowed(by, mapId, 'edit', async (id, { userId }) => {
        const wanted = new Set(reviewers.slice(0, REVIEW_LIMITS.reviewers));
        const people = (await queries.members(id))
          .map((member) => member.id)
          .filter((one) => wanted.has(one));
        const before = new Set((await queries.reviewers(id)).map((person) => person.id));
        if (!(await queries.setPlan(id, dueAt, every, people))) return unknown;
        if (dueAt !== null)
          await inbox.tell({
            to: people.filter((one) => !before.has(one)),
            kind: 'review',
            mapId: id,
            subject: `review/${id}/asked/${dayOf(dueAt)}`,
            by: userId,
            text: '',
            about: `asks you to review the map by ${dayOf(dueAt)}`
          });
        return poked(id);
      }),

    conclude: (by, mapId, { outcome, note }) =>
      allowed(by, mapId, 'comment', async (id, { userId }) => {
        const at = new Date(now());
        const plan = await queries.plan(id);
        const next = nextReview(at, plan?.every ?? 'never');
        const clv = await clvOf(id);
        const row = { id: randomUUID(), mapId: id, userId, outcome, note: storable(note), clv, at };
        if (!(await queries.conclude(row, next))) return unknown;
        await inbox.tell({
          to: (await queries.owners(id)).map((owner) => owner.id),
          kind: 'review',
          mapId: id,
          subject: `review/${id}/concluded/${row.id}`,
          by: userId,
          text: note,
          about: `reviewed the map: ${OUTCOME_WORDS[outcome]}`
        });
        return poked(id);
      }),

    celebrate: (by, mapId, { text, amount }) =>
      allowed(by, mapId, 'comment', async (id, { userId }) => {
        const row = {
          id: randomUUID(),
          mapId: id,
          userId,
          text: storable(text),
          amount,
          at: new Date(now())
        };
        if (!(await queries.addWin(row, REVIEW_LIMITS.wins))) return unknown;
        await inbox.tell({
          to: (await queries.members(id)).map((member) => member.id),
          kind: 'win',
          mapId: id,
          subject: `win/${row.id}`,
          by: userId,
          text,
          about: 'Wins'
        });
        poked(id);
        return { ok: true, value: row.id };
      }),

    removeWin: (by, mapId, win) =>
      allowed(by, mapId, 'comment', async (id, { userId }, isOwner) => {
        const row = await queries.win(id, storable(win));
        if (row === null) return unknown;
        if (row.userId !== userId && !isOwner) return { ok: false, reason: 'forbidden' };
        await queries.removeWin(row.id);
        return poked(id);
      }),

    remind: async () => {
      const at = now();
      for (const { mapId, dueAt } of await queries.due(new Date(at + REMIND_DAYS * DAY_MS))) {
        if (dueAt === null) continue;
        const isDue = dueAt.getTime() <= at;
        await inbox.tell({
          to: await reviewersOf(mapId),
          kind: 'review',
          mapId,
          // The subject tells each person once, whichever node looks first.
          subject: `review/${mapId}/${isDue ? 'due' : 'soon'}/${dayOf(dueAt)}`,
          by: null,
          text: '',
          about: isDue ? 'The review of this map is due' : `The review of this map is due on ${dayOf(dueAt)}`
        });
      }
    }
  };
}

const unknown = { ok: false, reason: 'unknown' } as const;

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const OUTCOME_WORDS: Readonly<Record<ReviewOutcome, string>> = {
  holds: 'it holds',
  changed: 'it was changed',
  outdated: 'it is out of date'
};

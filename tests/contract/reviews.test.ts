import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configFrom, createApp, type App } from '../../server/app.ts';
import type { Principal } from '../../server/access/principal.ts';
import { createAccess } from '../../server/access/access.ts';
import type { Opened } from '../../server/db/db.ts';
import { open } from '../../server/db/open.ts';
import { createInbox } from '../../server/inbox.ts';
import type { Outcome } from '../../server/maps.ts';
import { createReviews, type Reviews } from '../../server/reviews.ts';
import { nextReview, type Review } from '../../src/lib/protocol/reviews.ts';
import { stalenessOf } from '../../src/lib/panels/review/words.ts';
import { removeData, temporaryData } from '../support/program.ts';
import { MIGRATIONS, postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';

const DAY = 86_400_000;

type Role = 'owner' | 'editor' | 'commenter' | 'viewer' | 'stranger';

const suite = (create: () => Promise<Backend>) => () => {
  let app: App;
  let folder: string;
  let backend: Backend;
  let opened: Opened;
  let reviews: Reviews;
  let mapId: string;
  let now = Date.UTC(2027, 0, 31, 12);
  const who: Record<Role, Principal> = {} as never;

  const value = <T>(outcome: Outcome<T>): T => {
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.value;
  };
  const read = async (): Promise<Review> => value(await reviews.read(who.viewer, mapId));
  const told = async (by: Principal) =>
    (await app.inbox.list(by, { limit: 100 })).items
      .filter(({ kind }) => kind === 'review' || kind === 'win')
      .map(({ about, author }) => [about, author?.name ?? null]);
  const plan = (dueAt: Date | null, reviewers: Role[] = []) =>
    reviews.plan(who.owner, mapId, {
      dueAt,
      every: 'month',
      reviewers: reviewers.map((role) => who[role].userId)
    });

  beforeAll(async () => {
    folder = temporaryData();
    backend = await create();
    const config = configFrom({ DATA_DIR: folder, LOG_LEVEL: 'silent' }, new URL('../../', import.meta.url));
    app = await createApp({ ...config, databaseUrl: backend.url });
    opened = await open(backend.url, MIGRATIONS);
    const person = async (name: string) => {
      const made = await app.access.accounts.createGuest(name);
      if (!made.ok) throw new Error(made.problem);
      return made.principal;
    };
    who.owner = await person('Olga');
    who.stranger = await person('Eve');
    mapId = await app.maps.create(who.owner.userId, { example: 'subscription-trial' });
    for (const role of ['editor', 'commenter', 'viewer'] as const) {
      who[role] = await person(role);
      const link = await app.maps.createLink(who.owner, mapId, role);
      if (!link.ok) throw new Error(link.reason);
      await app.maps.join(who[role].userId, link.value.token);
    }
    // The map is read by the app's own reviews; these go by the test's clock.
    const { authorize } = createAccess(opened, { secureCookies: false });
    reviews = createReviews({
      opened,
      authorize,
      rooms: { poke: () => undefined, read: () => Promise.resolve(null) },
      inbox: createInbox(opened),
      now: () => now
    });
  }, 30_000);

  afterAll(async () => {
    await opened.close();
    await app.close();
    await backend.dispose();
    removeData(folder);
  });

  test.each([
    ['owner', true, true, true],
    ['editor', true, true, true],
    ['commenter', true, true, 'forbidden'],
    ['viewer', true, 'forbidden', 'forbidden'],
    ['stranger', 'unknown', 'unknown', 'unknown']
  ] as const)('%s may read: %s, conclude and share wins: %s, plan: %s', async (role, reads, says, plans) => {
    const may = async <T>(asked: Promise<Outcome<T>>) => {
      const outcome = await asked;
      return outcome.ok || outcome.reason;
    };
    const by = who[role];
    expect(await may(app.reviews.read(by, mapId))).toBe(reads);
    expect(await may(app.reviews.plan(by, mapId, { dueAt: null, every: 'never', reviewers: [] }))).toBe(
      plans
    );
    expect(await may(app.reviews.conclude(by, mapId, { outcome: 'holds', note: '' }))).toBe(says);
    expect(await may(app.reviews.celebrate(by, mapId, { text: 'Good', amount: null }))).toBe(says);
    expect(await may(app.reviews.removeWin(by, mapId, 'none'))).toBe(says === true ? 'unknown' : says);
  });

  test('a review that was concluded keeps who, why and the CLV of that moment', async () => {
    value(await app.reviews.conclude(who.commenter, mapId, { outcome: 'changed', note: 'New prices' }));
    const [newest] = (await read()).concluded;
    expect(newest).toMatchObject({ outcome: 'changed', note: 'New prices', by: { name: 'commenter' } });
    expect(newest?.clv).toBeCloseTo(524.464542929, 6);
  });

  test('reviewers are asked, reminded a week before and once more when it is due, each once', async () => {
    value(await plan(new Date(now + 30 * DAY), ['commenter', 'stranger']));
    expect((await read()).reviewers.map(({ name }) => name)).toEqual(['commenter']);
    const before = (await told(who.commenter)).length;
    expect((await told(who.commenter))[0]).toEqual(['asks you to review the map by 2027-03-02', 'Olga']);
    await reviews.remind();
    expect(await told(who.commenter)).toHaveLength(before);
    now += 24 * DAY;
    await Promise.all([reviews.remind(), reviews.remind()]);
    expect((await told(who.commenter))[0]).toEqual(['The review of this map is due on 2027-03-02', null]);
    now += 7 * DAY;
    await reviews.remind();
    await reviews.remind();
    expect((await told(who.commenter))[0]).toEqual(['The review of this map is due', null]);
    expect(await told(who.commenter)).toHaveLength(before + 2);
    expect((await told(who.stranger)).length).toBe(0);
    expect(stalenessOf(await read(), new Date(now), String)?.tone).toBe('late');
  });

  test('concluding one sets the next by the interval, and tells the owner', async () => {
    value(await reviews.conclude(who.editor, mapId, { outcome: 'outdated', note: 'Channels moved' }));
    const review = await read();
    expect(review.dueAt).toBe(nextReview(new Date(now), 'month')?.toISOString());
    expect((await told(who.owner))[0]).toEqual(['reviewed the map: it is out of date', 'editor']);
    expect(stalenessOf(review, new Date(now), (date) => date.toISOString().slice(0, 10))).toEqual({
      words: `Reviewed just now, out of date, due ${review.dueAt?.slice(0, 10)}`,
      tone: 'late'
    });
  });

  test('a win is told to everybody else, and taken away by its author or an owner alone', async () => {
    const win = value(await reviews.celebrate(who.editor, mapId, { text: 'Churn is down', amount: 1200 }));
    expect((await read()).wins[0]).toMatchObject({
      text: 'Churn is down',
      amount: 1200,
      by: { name: 'editor' }
    });
    for (const by of [who.owner, who.viewer]) expect((await told(by))[0]).toEqual(['Wins', 'editor']);
    // Nobody is told of their own.
    expect(await told(who.editor)).not.toContainEqual(['Wins', 'editor']);
    expect(await reviews.removeWin(who.commenter, mapId, win)).toEqual({ ok: false, reason: 'forbidden' });
    value(await reviews.removeWin(who.owner, mapId, win));
    expect((await read()).wins.some(({ id }) => id === win)).toBe(false);
  });
};

describe('reviews on SQLite', suite(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))('reviews on Postgres', suite(postgresBackend));

test('the next review keeps to the calendar: the last day of a shorter month stands for later ones', () => {
  const day = (from: string, every: Parameters<typeof nextReview>[1]) =>
    nextReview(new Date(`${from}T10:00:00Z`), every)
      ?.toISOString()
      .slice(0, 10) ?? null;
  expect(day('2027-01-31', 'month')).toBe('2027-02-28');
  expect(day('2027-11-30', 'quarter')).toBe('2028-02-29');
  expect(day('2027-08-31', 'half')).toBe('2028-02-29');
  expect(day('2028-02-29', 'year')).toBe('2029-02-28');
  expect(day('2027-01-31', 'never')).toBeNull();
});

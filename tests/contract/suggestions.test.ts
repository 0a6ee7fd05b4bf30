import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configFrom, createApp, type App } from '../../server/app.ts';
import type { Principal } from '../../server/access/principal.ts';
import type { SuggestionOutcome } from '../../server/suggestions.ts';
import type { MapId } from '../../src/lib/journey/ids.ts';
import { stageKey, transitionKey } from '../../src/lib/journey/metrics.ts';
import type { Journey } from '../../src/lib/journey/records.ts';
import type { SuggestedChange } from '../../src/lib/journey/suggestion.ts';
import { evaluateMap } from '../../src/lib/scenarios/evaluate.ts';
import { clvChange } from '../../src/lib/scenarios/suggestion-words.ts';
import { removeData, temporaryData } from '../support/program.ts';
import { postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';

type Role = 'owner' | 'editor' | 'other' | 'commenter' | 'viewer' | 'stranger';

const suite = (create: () => Promise<Backend>) => () => {
  let app: App;
  let folder: string;
  let backend: Backend;
  let mapId: MapId;
  const who: Record<Role, Principal> = {} as never;
  const plain = { reason: null, anyway: false };

  const value = <T>(outcome: SuggestionOutcome<T>): T => {
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.value;
  };
  const journey = async (): Promise<Journey> => {
    const read = await app.maps.journey(who.owner, mapId);
    if (!read.ok) throw new Error(read.reason);
    return read.value;
  };
  const propose = async (change: SuggestedChange, by = who.commenter): Promise<string> =>
    value(await app.suggestions.propose(by, mapId, { changes: [change], why: 'I think so' }))[0] ?? '';
  const list = async (open: boolean) =>
    value(await app.suggestions.list(who.viewer, mapId, { open, limit: 200 })).suggestions;
  const clv = async (): Promise<number> => {
    const { baseline } = evaluateMap(await journey());
    if (!baseline.ok) throw new Error('the map has no value');
    return baseline.value.clv;
  };
  /** A suggestion of another share of customers who come to be at risk. */
  const ofRisk = async (to: number): Promise<SuggestedChange> => {
    const { stages, metrics } = await journey();
    const key = transitionKey(stages[3]!.id, stages[4]!.id);
    return { kind: 'metric', key, from: metrics.get(key) ?? null, to };
  };
  const cardText = async (index: number, to: string): Promise<SuggestedChange> => {
    const card = (await journey()).cards[index]!;
    return { kind: 'text', card: card.id, from: card.text, to };
  };

  beforeAll(async () => {
    folder = temporaryData();
    backend = await create();
    const config = configFrom({ DATA_DIR: folder, LOG_LEVEL: 'silent' }, new URL('../../', import.meta.url));
    app = await createApp({ ...config, databaseUrl: backend.url });
    const person = async (name: string) => {
      const made = await app.access.accounts.createGuest(name);
      if (!made.ok) throw new Error(made.problem);
      return made.principal;
    };
    who.owner = await person('Olga');
    who.stranger = await person('Eve');
    mapId = await app.maps.create(who.owner.userId, { example: 'subscription-trial' });
    for (const [name, role] of [
      ['editor', 'editor'],
      ['other', 'editor'],
      ['commenter', 'commenter'],
      ['viewer', 'viewer']
    ] as const) {
      who[name] = await person(name);
      const link = await app.maps.createLink(who.owner, mapId, role);
      if (!link.ok) throw new Error(link.reason);
      await app.maps.join(who[name].userId, link.value.token);
    }
  }, 30_000);

  afterAll(async () => {
    await app.close();
    await backend.dispose();
    removeData(folder);
  });

  test.each([
    ['owner', true, true],
    ['editor', true, true],
    ['commenter', true, 'forbidden'],
    ['viewer', 'forbidden', 'forbidden'],
    ['stranger', 'unknown', 'unknown']
  ] as const)('%s may propose: %s, decide: %s', async (role, mayPropose, mayDecide) => {
    const proposed = await app.suggestions.propose(who[role], mapId, {
      changes: [await cardText(0, `Said by ${role}`)],
      why: null
    });
    expect(proposed.ok || proposed.reason).toBe(mayPropose);
    const id = await propose(await cardText(0, 'Something else'));
    for (const decide of [
      () => app.suggestions.hold(who[role], mapId, id),
      () => app.suggestions.decline(who[role], mapId, id, null)
    ]) {
      const decided = await decide();
      expect(decided.ok || decided.reason).toBe(mayDecide);
    }
    if (mayDecide !== true)
      expect(await app.suggestions.accept(who[role], mapId, id, plain)).toEqual({
        ok: false,
        reason: mayDecide
      });
    expect((await app.suggestions.list(who[role], mapId, { open: true, limit: 1 })).ok).toBe(
      role !== 'stranger'
    );
    for (const { id: left, author } of await list(true))
      await app.suggestions.decline(who.owner, mapId, left, author === null ? null : 'Tidied up');
  });

  test('accepting moves the CLV as promised, in the name of whoever accepts, and credits the proposer', async () => {
    const change = await ofRisk(0.03);
    const promised = clvChange([change], await journey());
    const before = await clv();
    const id = await propose(change);
    expect((await list(true))[0]).toMatchObject({
      id,
      author: { id: who.commenter.userId, name: 'commenter' },
      change,
      about: 'Active → At risk, share',
      why: 'I think so'
    });
    value(await app.suggestions.accept(who.editor, mapId, id, { reason: 'It was measured', anyway: false }));
    const after = await clv();
    if (promised.kind !== 'change') throw new Error('nothing was promised');
    expect(promised.before).toBeCloseTo(before, 10);
    expect(promised.after).toBeCloseTo(after, 10);
    expect(after).not.toBeCloseTo(before, 2);
    const decided = (await list(false)).find((one) => one.id === id);
    expect(decided).toMatchObject({
      state: 'accepted',
      author: { name: 'commenter' },
      decidedBy: { id: who.editor.userId },
      reason: 'It was measured'
    });
    expect(decided?.clv?.before).toBeCloseTo(before, 10);
    expect(decided?.clv?.after).toBeCloseTo(after, 10);
    const edits = await backend.raw(
      `select user_id from updates where map_id = '${mapId}' order by seq desc limit 1`
    );
    expect(edits[0]?.user_id).toBe(who.editor.userId);
    const audit = await app.audit.ofMap(who.owner, mapId, { limit: 1 });
    expect(audit.ok && audit.value.rows[0]).toMatchObject({
      action: 'decision',
      by: { id: who.editor.userId },
      person: { id: who.commenter.userId },
      detail: { verdict: 'accepted', suggestion: id }
    });
    const versions = await app.history.list(who.viewer, mapId, { limit: 1 });
    expect(versions.ok && versions.value.versions[0]?.reason).toBe(
      'commenter suggested: Active → At risk, share. It was measured'
    );
  });

  test.each(['text', 'add', 'remove', 'move', 'metric'] as const)('a %s is accepted once', async (kind) => {
    const { cards, lanes, stages, metrics } = await journey();
    const card = cards.at(-1)!;
    const lane = lanes[0]!.id;
    const dwell = stageKey(stages[1]!.id, 'dwell');
    const changes: Readonly<Record<typeof kind, SuggestedChange>> = {
      text: { kind: 'text', card: card.id, from: card.text, to: `${card.text} 🌊` },
      add: { kind: 'add', card: 'suggested-card' as never, lane, stage: stages[0]!.id, text: 'A thought' },
      remove: { kind: 'remove', card: cards[1]!.id, from: cards[1]!.text },
      move: {
        kind: 'move',
        card: card.id,
        from: { lane: card.lane, stage: card.stage },
        to: { lane, stage: stages[0]!.id }
      },
      metric: { kind: 'metric', key: dwell, from: metrics.get(dwell) ?? null, to: 7 }
    };
    const id = await propose(changes[kind]);
    const both = await Promise.all(
      [who.editor, who.other].map((by) => app.suggestions.accept(by, mapId, id, plain))
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({
      reason: expect.stringMatching(/^(held|decided)$/) as string
    });
    const now = await journey();
    const here = (cardId: string) => now.cards.find((one) => one.id === cardId);
    switch (kind) {
      case 'text':
        return expect(here(card.id)?.text).toBe(`${card.text} 🌊`);
      case 'add':
        return expect(here('suggested-card')).toMatchObject({ text: 'A thought', lane });
      case 'remove':
        return expect(here(cards[1]!.id)).toBeUndefined();
      case 'move':
        return expect(here(card.id)).toMatchObject({ lane, stage: stages[0]!.id });
      case 'metric':
        return expect(now.metrics.get(dwell)).toBe(7);
    }
  });

  test('what was changed or deleted meanwhile is told, and nothing is lost', async () => {
    const mine = await cardText(2, 'Mine');
    const yours = await cardText(2, 'Yours');
    if (mine.kind !== 'text') throw new Error('no text');
    const [first, second, third] = [
      await propose(mine),
      await propose(yours),
      await propose({ ...mine, to: 'Theirs' })
    ];
    value(await app.suggestions.accept(who.editor, mapId, first, plain));
    const changed = await app.suggestions.accept(who.editor, mapId, second, plain);
    expect(changed).toEqual({ ok: false, reason: 'changed' });
    const textNow = async () => (await journey()).cards.find(({ id }) => id === mine.card)?.text;
    expect(await textNow()).toBe('Mine');
    expect((await list(true)).map(({ id }) => id)).toContain(second);
    value(await app.suggestions.accept(who.editor, mapId, second, { reason: null, anyway: true }));
    expect(await textNow()).toBe('Yours');
    const gone = await propose({ kind: 'remove', card: mine.card, from: 'Yours' });
    value(await app.suggestions.accept(who.other, mapId, gone, plain));
    const vanished = await app.suggestions.accept(who.editor, mapId, third, { reason: null, anyway: true });
    expect(vanished).toEqual({ ok: false, reason: 'vanished' });
    value(await app.suggestions.decline(who.editor, mapId, third, 'The card is gone'));
  });

  test('what is on the map by somebody’s own hand already is only recorded', async () => {
    const change = await ofRisk(0.02);
    const id = await propose(change);
    const byHand = await propose(change, who.other);
    value(await app.suggestions.accept(who.other, mapId, byHand, plain));
    const count = async () =>
      (await backend.raw(`select count(*) as n from updates where map_id = '${mapId}'`))[0]?.n;
    const before = await count();
    value(await app.suggestions.accept(who.editor, mapId, id, plain));
    expect(await count()).toEqual(before);
    const [accepted] = (await list(false)).filter((one) => one.id === id);
    expect(accepted?.clv?.after).toBeCloseTo(await clv(), 10);
    expect(accepted?.clv?.before).not.toBeCloseTo(accepted?.clv?.after ?? 0, 2);
  });

  test('whoever holds one keeps others from accepting it, and only the proposer takes it back', async () => {
    const id = await propose(await ofRisk(0.01));
    value(await app.suggestions.hold(who.editor, mapId, id));
    expect(await app.suggestions.hold(who.other, mapId, id)).toEqual({ ok: false, reason: 'held' });
    expect(await app.suggestions.accept(who.other, mapId, id, plain)).toEqual({ ok: false, reason: 'held' });
    expect(await app.suggestions.withdraw(who.owner, mapId, id)).toEqual({ ok: false, reason: 'not-yours' });
    value(await app.suggestions.withdraw(who.commenter, mapId, id));
    expect(await app.suggestions.accept(who.editor, mapId, id, plain)).toEqual({
      ok: false,
      reason: 'decided'
    });
    expect(await app.suggestions.decline(who.stranger, mapId, id, null)).toEqual({
      ok: false,
      reason: 'unknown'
    });
  });

  test('nothing is taken that is of another map, of no number, or what the map says already', async () => {
    const already = await ofRisk(0.015);
    const { cards } = await journey();
    const bad: readonly SuggestedChange[][] = [
      [],
      [{ ...already, to: (already as { from: number }).from } as SuggestedChange],
      [{ kind: 'text', card: 'elsewhere' as never, from: '', to: 'x' }],
      [already, { kind: 'remove', card: 'elsewhere' as never, from: '' }],
      [
        {
          kind: 'move',
          card: cards[0]!.id,
          from: cards[0]!,
          to: { lane: 'no' as never, stage: 'no' as never }
        }
      ]
    ];
    for (const changes of bad)
      expect(await app.suggestions.propose(who.commenter, mapId, { changes, why: null })).toEqual({
        ok: false,
        reason: 'nothing'
      });
    const other = await app.maps.create(who.stranger.userId, { preset: 's0-four' });
    const id = await propose(already);
    expect(await app.suggestions.accept(who.stranger, other, id, plain)).toEqual({
      ok: false,
      reason: 'unknown'
    });
    value(await app.suggestions.withdraw(who.commenter, mapId, id));
  });

  test('editors are told of a suggestion, the proposer of the answer', async () => {
    const inbox = async (by: Principal) => (await app.inbox.list(by, { limit: 1 })).items[0];
    const ids = value(
      await app.suggestions.propose(who.commenter, mapId, {
        changes: [await ofRisk(0.025), await cardText(0, 'Another word')],
        why: 'Seen in the shop'
      })
    );
    for (const by of [who.owner, who.editor])
      expect(await inbox(by)).toMatchObject({
        kind: 'suggestion',
        subject: `suggestion/${ids[0]}`,
        about: 'Active → At risk, share and 1 more',
        text: 'Seen in the shop',
        author: { name: 'commenter' }
      });
    expect((await inbox(who.viewer))?.subject ?? null).toBeNull();
    value(await app.suggestions.decline(who.owner, mapId, ids[0] ?? '', 'Not in this market'));
    expect(await inbox(who.commenter)).toMatchObject({
      kind: 'answer',
      text: 'Declined: Not in this market',
      author: { name: 'Olga' }
    });
  });
};

describe('suggestions on SQLite', suite(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))('suggestions on Postgres', suite(postgresBackend));

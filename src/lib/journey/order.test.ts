import fc from 'fast-check';
import { generateKeyBetween } from 'fractional-indexing';
import { expect, test } from 'vitest';
import { BARE_FACETS } from './card-facets.ts';
import type { CardId, LaneId, StageId } from './ids.ts';
import { byRank, isRank, placeCards, rankAt, ranks, replaceCards } from './order.ts';
import type { Card, Lane, Stage } from './records.ts';

test('J8 a record goes exactly where it was put, also between neighbours of equal rank', () => {
  const moves = fc.array(fc.record({ at: fc.nat(12), double: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(moves, (steps) => {
      let list: { id: string; rank: string }[] = [];
      for (const [index, { at, double }] of steps.entries()) {
        const rank = rankAt(list, at);
        expect(isRank(rank)).toBe(true);
        const before = list[Math.min(at, list.length) - 1];
        list.push({ id: `r${index}`, rank });
        // Somebody else put a record at the same place at the same time.
        if (double) list.push({ id: `s${index}`, rank });
        list = list.sort(byRank);
        if (before !== undefined)
          expect(list.findIndex(({ id }) => id === `r${index}`)).toBeGreaterThan(list.indexOf(before));
      }
    })
  );
});

test('J9 a list written at once keeps its order', () => {
  const list = ranks(200).map((rank, index) => ({ id: String(999 - index), rank }));
  expect([...list].sort(byRank)).toEqual(list);
});

test.each([7, null, '', '!', 'a'.repeat(300)])('J10 %j is no rank', (value) => {
  expect(isRank(value)).toBe(false);
});

test('cards that change one by one stand where all of them would be put at once', () => {
  // Places 3 and 4 are of stages and lanes that are gone.
  const card = (id: number) =>
    fc
      .record({ stage: fc.nat(4), lane: fc.nat(4), rank: fc.constantFrom('a0', 'a1', 'a2') })
      .map(({ stage, lane, rank }): Card => ({
        id: `c${id}` as CardId,
        stage: `s${stage}` as StageId,
        lane: `l${lane}` as LaneId,
        rank,
        text: '',
        facets: BARE_FACETS
      }));
  const some = fc.tuple(...Array.from({ length: 8 }, (_, id) => fc.option(card(id))));
  const stages = ['s2', 's0', 's1'].map((id) => ({ id }) as Stage);
  const lanes = ['l1', 'l0', 'l2'].map((id) => ({ id }) as Lane);
  const present = (cards: readonly (Card | null)[]) => cards.filter((one) => one !== null);
  fc.assert(
    fc.property(some, some, fc.array(fc.nat(7), { maxLength: 8 }), (before, after, ids) => {
      const changed = new Set(ids);
      const now = before.map((one, index) => (changed.has(index) ? (after[index] ?? null) : one));
      const changes = [...changed].map((index) => ({
        before: before[index] ?? null,
        after: now[index] ?? null
      }));
      expect(replaceCards(placeCards(present(before), stages, lanes), changes, stages, lanes)).toEqual(
        placeCards(present(now), stages, lanes)
      );
    })
  );
});

test('a rank is what another can be put after, however quickly that is seen', () => {
  const letters = fc.constantFrom(...'aabcyzABZ019 -é');
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 6 }), (parts) => {
      const text = parts.join('');
      let takes = true;
      try {
        generateKeyBetween(text, null);
      } catch {
        takes = false;
      }
      expect(isRank(text)).toBe(takes);
    }),
    { numRuns: 1000 }
  );
});

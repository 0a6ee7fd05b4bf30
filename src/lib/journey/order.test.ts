import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byRank, isRank, rankAt, ranks } from './order.ts';

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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BARE_FACETS, CHANNELS, type CardFacets } from '#lib/journey/card-facets.ts';
import { readCardText } from '#lib/journey/card-text.ts';
import { BadgeCache, BADGE, layoutBadges } from './badges.ts';
import { WrapCache, wrapMarked, wrapText, type TextLine } from './text.ts';

/** Seven units a letter, eight where it is bold. */
const measure = (text: string, bold = false) => text.length * (bold ? 8 : 7);
const wordsOf = (line: TextLine) =>
  typeof line === 'string' ? line : line.map(({ text }) => text).join('|');

describe('badges of cards', () => {
  test('a card of which nothing is said has none', () => {
    expect(layoutBadges(BARE_FACETS, 200, measure)).toBeNull();
    expect(layoutBadges({ ...BARE_FACETS, color: 'red' }, 200, measure)).toBeNull();
  });

  test('they stand in rows within the card and never on each other, whatever is said', () => {
    const facets = fc.record({
      tags: fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 20 }),
      channel: fc.option(fc.constantFrom(...CHANNELS)),
      severity: fc.option(fc.constantFrom(1 as const, 2 as const, 3 as const)),
      owner: fc.string({ maxLength: 120 }),
      confident: fc.boolean()
    });
    fc.assert(
      fc.property(facets, fc.integer({ min: 74, max: 1200 }), (said, width) => {
        const card: CardFacets = {
          ...BARE_FACETS,
          tags: said.tags,
          channel: said.channel,
          sentiment: said.severity === null ? null : { kind: 'pain', severity: said.severity },
          owner: said.owner,
          phase: 'post-purchase',
          confidence: said.confident ? 'measured' : null
        };
        const layout = layoutBadges(card, width, measure);
        const badges = layout?.badges ?? [];
        for (const [index, badge] of badges.entries()) {
          expect(badge.x + badge.width).toBeLessThanOrEqual(width + 0.01);
          expect(badge.y + BADGE.height).toBeLessThanOrEqual(layout?.height ?? 0);
          const next = badges[index + 1];
          if (next?.y === badge.y) expect(next.x).toBeGreaterThanOrEqual(badge.x + badge.width);
          else if (next !== undefined) expect(next.y).toBeGreaterThan(badge.y);
        }
      }),
      { numRuns: 200 }
    );
  });

  test('a layout is remembered while the card and its width stay', () => {
    const cache = new BadgeCache(measure);
    const facets = { ...BARE_FACETS, tags: ['new'] };
    const first = cache.of(facets, 200);
    expect(cache.of(facets, 200)).toBe(first);
    expect(cache.of(facets, 100)).not.toBe(first);
  });
});

describe('marked text in lines', () => {
  const wrap = (text: string, width: number) => wrapMarked(readCardText(text), width, measure);

  test('T1 text without marks breaks as before', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '\n', '日'), maxLength: 60 }),
        (text) => {
          fc.pre(!/^\s*- /m.test(text));
          expect(wrap(text, 50).map(wordsOf)).toEqual(wrapText(text, 50, measure));
        }
      ),
      { numRuns: 200 }
    );
  });

  test('T1 bold words are as wide as they are drawn', () => {
    expect(wrap('aaaa bbbb', 63).map(wordsOf)).toEqual(['aaaa bbbb']);
    expect(wrap('aaaa **bbbb**', 63).map(wordsOf)).toEqual(['aaaa', 'bbbb']);
    const [line] = wrap('aaaa **bbbb**', 67);
    expect(line).toMatchObject([
      { text: 'aaaa ', x: 0, width: 35, bold: false },
      { text: 'bbbb', x: 35, width: 32, bold: true }
    ]);
  });

  test('T1 a mark goes on over the break of a line, and a word may change inside', () => {
    expect(wrap('*aa bb* cc', 28).map(wordsOf)).toEqual(['aa', 'bb', 'cc']);
    expect(wrap('un**believ**able', 200).map(wordsOf)).toEqual(['un**believ**able']);
    expect(wrap('(**a**)', 200).map(wordsOf)).toEqual(['(|a|)']);
  });

  test('T1 items of a list stand in from their bullets, on each of their lines', () => {
    const lines = wrap('- aaa bbb', 43);
    expect(lines.map(wordsOf)).toEqual(['•|aaa', 'bbb']);
    const xs = lines.map((line) => (typeof line === 'string' ? [] : line.map(({ x }) => x)));
    expect(xs).toEqual([[2, 15], [15]]);
  });

  test('T1 an open text breaks as it is typed, with its signs', () => {
    const cache = new WrapCache(measure);
    expect(cache.wrapTyped('**aa** bb', 44)).toEqual(['**aa**', 'bb']);
    expect(cache.wrap('**aa** bb', 44).map(wordsOf)).toEqual(['aa| bb']);
    expect(cache.wrapTyped('aa bb', 44)).toBe(cache.wrap('aa bb', 44));
  });
});

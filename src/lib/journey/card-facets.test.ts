import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEvidenceUrl, tagKey, tagList, tidyTag, typedUrl } from './card-facets.ts';
import { LIMITS } from './limits.ts';

describe('facets of cards', () => {
  test('F1 a tidied tag stays as it is when tidied again, and its key is that of its spelling', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 90 }), (text) => {
        const tag = tidyTag(text);
        expect(tidyTag(tag)).toBe(tag);
        expect(tagKey(tag)).toBe(tagKey(text));
        expect(tag.length).toBeLessThanOrEqual(LIMITS.tag);
        expect(tag.isWellFormed()).toBe(true);
      }),
      { numRuns: 200 }
    );
  });

  test('F1 capitals and a "#" make no other tag, and no more than 20 are kept', () => {
    expect(tagList(['#Onboarding', 'onboarding ', '  ', 'Café', 'a\nb'])).toEqual([
      'a b',
      'Café',
      'Onboarding'
    ]);
    expect(tagList(Array.from({ length: 30 }, (_, index) => `t${index}`))).toHaveLength(LIMITS.cardTags);
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' https://example.org',
    'https://exa mple.org',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//example.org',
    '/maps',
    'https://',
    'https://someone:secret@example.org/',
    'ht\ttps://example.org',
    `https://example.org/${'x'.repeat(LIMITS.url)}`
  ])('F2 %j is no evidence link', (url) => {
    expect(isEvidenceUrl(url)).toBe(false);
  });

  test.each([
    ['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
    [' example.org/report ', 'https://example.org/report'],
    ['localhost:3000/x', 'https://localhost:3000/x'],
    ['http://[::1]/', 'http://[::1]/'],
    ['javascript:alert(1)', null],
    ['mailto:a@example.org', null],
    ['', null],
    ['two words', null]
  ])('F2 typing %j links to %j', (typed, url) => {
    expect(typedUrl(typed)).toBe(url);
  });
});

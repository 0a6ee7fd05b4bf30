import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  linksInText,
  mayHaveMarks,
  readCardText,
  textHref,
  toggleList,
  toggleMark,
  wordsOfCard
} from './card-text.ts';

/** Spans in short: B, I and L before the words they hold for. */
const short = (text: string) =>
  readCardText(text).map(
    ({ item, spans }) =>
      (item ? '• ' : '') +
      spans
        .map((span) => {
          const marks = `${span.bold ? 'B' : ''}${span.italic ? 'I' : ''}${span.href === null ? '' : 'L'}`;
          return marks === '' ? span.text : `{${marks} ${span.text}}`;
        })
        .join('')
  );

describe('text of cards', () => {
  test.each([
    ['**now**', ['{B now}']],
    ['*now*', ['{I now}']],
    ['***now***', ['{BI now}']],
    ['**a *b* c** d', ['{B a }{BI b}{B  c} d']],
    ['2 * 3 * 4 and 2*3*4', ['2 * 3 * 4 and 2*3*4']],
    ['** not **, * not *, **not', ['** not **, * not *, **not']],
    ['*two\nlines*', ['*two', 'lines*']],
    ['- one\n- **two**\n* three\n-none', ['• one', '• {B two}', '• three', '-none']],
    ['see https://example.org/a_b?c=*d*.', ['see {L https://example.org/a_b?c=}{I d}.']],
    ['(https://example.org/a), then', ['({L https://example.org/a}), then']],
    ['**https://example.org**', ['{BL https://example.org}']],
    ['write to mailto:a@example.org!', ['write to {L mailto:a@example.org}!']],
    ['javascript:alert(1) data:text/html,x', ['javascript:alert(1) data:text/html,x']],
    ['mailto:nobody https://', ['mailto:nobody https://']]
  ])('T1 %j reads as %j', (text, lines) => {
    expect(short(text)).toEqual(lines);
  });

  test('T1 T2 nothing is lost and no address is opened that may not be, whatever is written', () => {
    const letters = fc.constantFrom(
      '*',
      '**',
      ' ',
      'a',
      'é',
      '\n',
      '- ',
      'https://x.y',
      'javascript:',
      '"<b>',
      ')'
    );
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        expect(wordsOfCard(text).replace(/[*•\s-]/g, '')).toBe(text.replace(/[*•\s-]/g, ''));
        for (const href of linksInText(text)) expect(new URL(href).protocol).toMatch(/^(https?|mailto):$/);
        if (!mayHaveMarks(text)) expect(wordsOfCard(text)).toBe(text);
      }),
      { numRuns: 300 }
    );
  });

  test('T1 ten thousand stars are read in bounded work', () => {
    for (const text of ['*a '.repeat(3_333), '*'.repeat(10_000), '**a'.repeat(3_333)])
      expect(wordsOfCard(text).length).toBeLessThanOrEqual(10_000);
  });

  test.each(['javascript:alert(1)', 'https://', 'mailto:x', 'ftp://a.b', 'https://a b', 'JAVASCRIPT:x'])(
    'T2 %j leads nowhere',
    (text) => {
      expect(textHref(text)).toBeNull();
    }
  );

  test.each([
    ['go [now] on', 'go **[now]** on'],
    ['go [ now ]on', 'go  **[now]** on'],
    ['go **[now]** on', 'go [now] on'],
    ['go [**now**] on', 'go [now] on'],
    ['go no|w on', 'go **[now]** on'],
    ['go *[now]* on', 'go ***[now]*** on']
  ])('T3 bold makes %j %j', (before, after) => {
    expect(shown(toggleMark(...parsed(before), 'bold'))).toBe(after);
  });

  test.each([
    ['go [now] on', 'go *[now]* on'],
    ['go *[now]* on', 'go [now] on'],
    ['go **[now]** on', 'go ***[now]*** on'],
    ['go ***[now]*** on', 'go **[now]** on']
  ])('T3 italic makes %j %j', (before, after) => {
    expect(shown(toggleMark(...parsed(before), 'italic'))).toBe(after);
  });

  test('T3 a mark set twice leaves the text as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é'), minLength: 1, maxLength: 12 }),
        fc.nat(12),
        fc.nat(12),
        fc.constantFrom('bold' as const, 'italic' as const),
        (text, a, b, mark) => {
          const [start, end] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
          const once = toggleMark(text, start, end, mark);
          expect(toggleMark(once.text, once.start, once.end, mark).text).toBe(text);
        }
      ),
      { numRuns: 300 }
    );
  });

  test.each([
    ['o|ne', '- o|ne'],
    ['- o|ne', 'o|ne'],
    ['a\n[one\ntwo]\nb', 'a\n- [one\n- two]\nb'],
    ['[- one\ntwo]', '[- one\n- two]'],
    ['[- one\n- two]', '[one\ntwo]']
  ])('T3 the list key makes %j %j', (before, after) => {
    const [text, start, end] = parsed(before);
    expect(shown(toggleList(text, start, end)).replace('[]', '|')).toBe(after);
  });
});

/** "[" and "]" stand for the ends of the selection, "|" for a caret. */
function parsed(text: string): [string, number, number] {
  const caret = text.indexOf('|');
  if (caret !== -1) return [text.replace('|', ''), caret, caret];
  return [text.replace(/[[\]]/g, ''), text.indexOf('['), text.indexOf(']') - 1];
}

const shown = ({ text, start, end }: { text: string; start: number; end: number }) =>
  start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;

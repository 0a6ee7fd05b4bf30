/*
 * A card's text carries its own marks (rules T1 ... in SPEC.md): **bold**, *italic*, a line that begins with "- ", and
 * addresses as they stand. It stays plain text, so that several people can type in it and any program can read it.
 */

export interface TextSpan {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  /** Where the span leads: http, https or mailto. */
  readonly href: string | null;
}

/** One line of a text as it was typed. */
export interface TextParagraph {
  readonly item: boolean; // of a list
  readonly spans: readonly TextSpan[];
}

export type TextMark = 'bold' | 'italic';

const SIGNS: Readonly<Record<TextMark, string>> = { bold: '**', italic: '*' };

/** True when a text may hold a mark at all; most do not and are drawn as they are. */
export const mayHaveMarks = (text: string): boolean => /\*|^\s*[-•] |https?:|mailto:/im.test(text);

const ITEM = /^\s*[-*•] +(?=\S)/;
// What a mark holds is bounded, so that a text full of stars takes no long search.
const MARKS = new RegExp(
  [
    '(?<href>(?:https?:\\/\\/|mailto:)[^\\s<>"*]+)',
    '(?<![\\p{L}\\p{N}])\\*\\*(?=\\S)(?<bold>.{1,1000}?)(?<=\\S)\\*\\*(?![*\\p{L}\\p{N}])',
    '(?<![\\p{L}\\p{N}*])\\*(?=[^\\s*])(?<italic>.{1,1000}?)(?<=[^\\s])\\*(?![*\\p{L}\\p{N}])'
  ].join('|'),
  'giu'
);
const TRAILING = /[.,;:!?'’”)\]}]+$/;

/** The address of a link in a text; null for what must not be opened. Closing signs behind an address are no part of it. */
export function textHref(text: string): string | null {
  if (text.length > 2_000 || !/^(?:https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text))
    return null;
  const { protocol, hostname, pathname } = new URL(text);
  if (protocol === 'mailto:') return /^[^@]+@[^@]+$/.test(pathname) ? text : null;
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '' ? text : null;
}

function spansOf(text: string, bold: boolean, italic: boolean): TextSpan[] {
  const spans: TextSpan[] = [];
  const plain = (part: string): void => {
    if (part !== '') spans.push({ text: part, bold, italic, href: null });
  };
  let from = 0;
  for (const match of text.matchAll(MARKS)) {
    const { index, groups = {} } = match;
    if (groups.href !== undefined) {
      const address = groups.href.replace(TRAILING, '');
      const href = textHref(address);
      if (href === null) continue;
      plain(text.slice(from, index));
      spans.push({ text: address, bold, italic, href });
      from = index + address.length;
    } else {
      plain(text.slice(from, index));
      const inner = groups.bold ?? groups.italic ?? '';
      spans.push(...spansOf(inner, bold || groups.bold !== undefined, italic || groups.italic !== undefined));
      from = index + match[0].length;
    }
  }
  plain(text.slice(from));
  return spans;
}

/** A text as people read it: its paragraphs with their spans, the signs of marks left out. */
export const readCardText = (text: string): readonly TextParagraph[] =>
  text.split(/\r\n|\r|\n/).map((line) => {
    const item = ITEM.exec(line);
    return {
      item: item !== null,
      spans: spansOf(item === null ? line : line.slice(item[0].length), false, false)
    };
  });

/** The words alone, for screen readers and search. */
export const wordsOfCard = (text: string): string =>
  mayHaveMarks(text)
    ? readCardText(text)
        .map(({ item, spans }) => (item ? '• ' : '') + spans.map((span) => span.text).join(''))
        .join('\n')
    : text;

/** Where a text leads: the addresses in it, each once, in order. */
export const linksInText = (text: string): readonly string[] =>
  mayHaveMarks(text)
    ? [
        ...new Set(
          readCardText(text).flatMap(({ spans }) =>
            spans.flatMap(({ href }) => (href === null ? [] : [href]))
          )
        )
      ]
    : [];

export interface MarkedText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Puts a mark around the selected part of a text, or takes it away where it stands right around or just inside it.
 * White space at the ends stays outside: a sign beside it would not mark anything. With nothing selected it is the
 * word at the caret.
 */
export function toggleMark(text: string, start: number, end: number, mark: TextMark): MarkedText {
  const sign = SIGNS[mark];
  const size = sign.length;
  let [from, to] = start === end ? wordAt(text, start) : [start, end];
  while (from < to && /\s/.test(text.charAt(from))) from += 1;
  while (to > from && /\s/.test(text.charAt(to - 1))) to -= 1;
  const inner = text.slice(from, to);
  if (has(text.slice(0, from), mark, 'end') && has(text.slice(to), mark, 'start'))
    return {
      text: text.slice(0, from - size) + inner + text.slice(to + size),
      start: from - size,
      end: to - size
    };
  if (inner.length > 2 * size && has(inner, mark, 'start') && has(inner, mark, 'end'))
    return {
      text: text.slice(0, from) + inner.slice(size, -size) + text.slice(to),
      start: from,
      end: to - 2 * size
    };
  return {
    text: text.slice(0, from) + sign + inner + sign + text.slice(to),
    start: from + size,
    end: to + size
  };
}

/** True when the mark's own sign stands at that end: one star of two is no italic. */
function has(text: string, mark: TextMark, at: 'start' | 'end'): boolean {
  const stars = (at === 'start' ? /^\*+/ : /\*+$/).exec(text)?.[0].length ?? 0;
  return mark === 'bold' ? stars >= 2 : stars === 1 || stars >= 3;
}

function wordAt(text: string, caret: number): [number, number] {
  const before = /[\p{L}\p{N}_'’-]*$/u.exec(text.slice(0, caret))?.[0].length ?? 0;
  const after = /^[\p{L}\p{N}_'’-]*/u.exec(text.slice(caret))?.[0].length ?? 0;
  return [caret - before, caret + after];
}

/** Makes the lines from `start` to `end` items of a list, or plain lines again when all of them are items. */
export function toggleList(text: string, start: number, end: number): MarkedText {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', Math.max(start, end - 1));
  const to = next === -1 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const all =
    lines.every((line) => ITEM.test(line) || line.trim() === '') && lines.some((line) => ITEM.test(line));
  const changed = lines.map((line) => (all ? line.replace(ITEM, '') : ITEM.test(line) ? line : `- ${line}`));
  const first = (changed[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const total = changed.join('\n');
  return {
    text: text.slice(0, from) + total + text.slice(to),
    start: Math.max(from, start + first),
    end: Math.max(from, end + total.length - (to - from))
  };
}

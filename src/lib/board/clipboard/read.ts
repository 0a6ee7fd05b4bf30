import Papa from 'papaparse';
import * as v from 'valibot';
import { journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile } from '#lib/journey/file.ts';
import type { Journey } from '#lib/journey/records.ts';
import { FRAGMENT_FORMAT, FRAGMENT_KINDS, type FragmentKind } from './fragment.ts';

/** The clipboard as the browser hands it over; '' for a form that it does not have. */
export interface ClipboardForms {
  readonly fragment: string;
  readonly html: string;
  readonly text: string;
}

/** What the clipboard holds for a map. */
export type Pasted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'fragment'; readonly what: FragmentKind; readonly part: Journey }
  | { readonly kind: 'range'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

const MOST = 40_000_000; // characters; twenty thousand full cards would be more than a map may hold

const envelope = v.strictObject({
  format: v.literal(FRAGMENT_FORMAT),
  what: v.picklist(FRAGMENT_KINDS),
  map: v.unknown()
});

/**
 * Reads a clipboard that anybody may have filled. A fragment is checked like a map file, and refused with a sentence
 * when it is not one; a range of a spreadsheet is told from lines by its tabs, or by the table that comes with it.
 * `plain` takes only the text.
 */
export function readClipboard({ fragment, html, text }: ClipboardForms, plain = false): Pasted {
  if (!plain) {
    const carried = fragment === '' ? carriedBy(html) : fragment;
    if (carried !== null) return readFragment(carried);
  }
  const unix = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  if (unix.trim() === '') return { kind: 'nothing' };
  if (!plain && (unix.includes('\t') || /<table[\s>]/i.test(html)))
    return { kind: 'range', rows: rowsOf(unix) };
  const lines = unix
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return { kind: 'lines', lines };
}

function readFragment(json: string): Pasted {
  const refused = (why: string): Pasted => ({
    kind: 'refused',
    message: `What was copied is not a part of a map that can be read: ${why} Nothing was pasted.`
  });
  if (json.length > MOST) return refused('it is too large.');
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch {
    return refused('it is cut off or damaged.');
  }
  const outer = v.safeParse(envelope, input);
  if (!outer.success) return refused('its form is unknown.');
  const parsed = parseMapFile(outer.output.map);
  if (!parsed.ok) {
    const [problem] = parsed.problems;
    return refused(problem === undefined ? 'it is damaged.' : `${problem.message} (${problem.path})`);
  }
  return { kind: 'fragment', what: outer.output.what, part: journeyOf(parsed.file) };
}

/** The fragment in a table's attribute. The text is parsed without running or loading anything of it. */
function carriedBy(html: string): string | null {
  if (!html.includes('data-meander-fragment')) return null;
  const page = new DOMParser().parseFromString(html, 'text/html');
  return page.querySelector('[data-meander-fragment]')?.getAttribute('data-meander-fragment') ?? null;
}

const rowsOf = (text: string): string[][] =>
  Papa.parse<string[]>(text, { delimiter: '\t', newline: '\n' }).data.map((row) =>
    row.map((cell) => cell.trim())
  );

import Papa from 'papaparse';
import {
  columnStarts,
  fixedFields,
  lineEndOf,
  sampleLines,
  separatorOf,
  withoutMark,
  type FileLayout
} from './layout.ts';
import { guessMapping, isHeader, type DateReading, type ColumnMapping } from './mapping.ts';

/** Takes the text of a file in pieces and hands out its records. */
export interface RecordReader {
  /** @returns false when the file cannot be read on: a quotation mark opens and is not closed. */
  push(piece: string): boolean;
  /** What stands behind the last line end. */
  end(): boolean;
  /** Line of the record that is read next, counted from 1; after a failure, of the one that cannot be read. */
  readonly line: number;
}

export type OnRecord = (fields: readonly string[], line: number) => void;

interface Parsed {
  readonly data: readonly (readonly string[])[];
  readonly errors: readonly { readonly type: string; readonly code: string }[];
  readonly meta: { readonly cursor: number };
}

/** No record of purchases is longer; what is, follows a quotation mark that nobody closed. */
const LONGEST_RECORD = 1_000_000;
/** In no text: every line of fixed width is one field until it is cut. */
const NOWHERE = '\u001f';

/**
 * A reader for a layout, over Papa Parse's parser of single pieces. The last record of a piece waits for the next one,
 * so that a piece may end anywhere.
 */
export function createRecordReader(layout: FileLayout, onRecord: OnRecord): RecordReader {
  const fixed = layout.separator === 'fixed';
  const parser = new Papa.Parser({
    delimiter: fixed ? NOWHERE : layout.separator,
    newline: layout.lineEnd,
    // Without quotes in the piece Papa Parse splits it, which is quicker; fixed columns know no quotes.
    ...(fixed ? { fastMode: true } : {})
  });
  let rest = '';
  let line = 1;
  let started = false;

  const take = (text: string, last: boolean): boolean => {
    const parsed = parser.parse(text, 0, !last) as Parsed;
    const open = last && parsed.errors.some(({ code }) => code === 'MissingQuotes');
    for (const record of open ? parsed.data.slice(0, -1) : parsed.data) {
      onRecord(fixed ? fixedFields(record[0] ?? '', layout.starts) : record, line);
      line += linesOf(record);
    }
    rest = last ? '' : text.slice(parsed.meta.cursor);
    return !open && rest.length < LONGEST_RECORD;
  };

  return {
    push(piece) {
      const text = rest + (started ? piece : withoutMark(piece));
      started ||= piece !== '';
      return take(text, false);
    },
    end: () => rest === '' || take(rest, true),
    get line() {
      return line;
    }
  };
}

/** Lines that a record takes up: quoted fields may run over several. */
function linesOf(record: readonly string[]): number {
  let lines = 1;
  for (const field of record)
    if (field.includes('\n') || field.includes('\r')) lines += field.split(/\r\n|\n|\r/).length - 1;
  return lines;
}

/** The beginning of a file: how it is laid out, its first rows, and what its columns probably mean. */
export interface Opening {
  /** Names of the columns; "Column 1" and so on where the file has none. */
  readonly header: readonly string[];
  /** The first rows, without the header. */
  readonly rows: readonly (readonly string[])[];
  readonly mapping: ColumnMapping;
  readonly dates: DateReading;
}

/**
 * Reads the beginning of a file; null when there is nothing on it. A last line that is cut off is left out.
 *
 * @param named whether the first line holds the names of the columns; left out, that is guessed
 */
export function readOpening(text: string, named?: boolean): Opening | null {
  const lines = sampleLines(text);
  if (lines.length === 0) return null;
  const separator = separatorOf(text);
  const records: (readonly string[])[] = [];
  const bare = {
    separator,
    lineEnd: lineEndOf(text),
    starts: separator === 'fixed' ? columnStarts(lines) : [],
    named: false
  };
  const reader = createRecordReader(bare, (fields) => {
    if (fields.some((field) => field.trim() !== '')) records.push(fields);
  });
  reader.push(text);
  if (records.length < 2) reader.end();
  const first = records[0];
  if (first === undefined) return null;
  const layout: FileLayout = { ...bare, named: named ?? isHeader(first) };
  const header = first.map((name, index) => (layout.named && name.trim()) || `Column ${index + 1}`);
  const rows = layout.named ? records.slice(1) : records;
  return { header, rows: rows.slice(0, 1000), ...guessMapping(layout, header, rows.slice(0, 1000)) };
}

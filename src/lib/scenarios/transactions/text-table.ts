import {
  readTable,
  readTransactions,
  type TableData,
  type TableProblem,
  type TableReader
} from '#lib/clv/transactions/index.ts';
import { MOST_PROBLEMS, type FitProblem, type TextReading } from './fit-settings.ts';
import { createRecordReader, readOpening, type Opening, type RecordReader } from './records.ts';

/** Reads a table of text as it comes, in pieces of any size. */
export interface TextTable {
  push(text: string): void;
  end(): { readonly data: TableData } | { readonly problems: readonly FitProblem[] };
}

/** So much is looked at before the layout is told. */
const OPENING_LENGTH = 65_536;

/**
 * A table of text: with a header that names its columns, or transactions without one, whose columns are told by what
 * stands in them (X9). Lines that cannot be read are problems by their number, up to twenty of them.
 */
export function createTextTable(reading: TextReading): TextTable {
  const problems: FitProblem[] = [];
  let held = '';
  let reader: RecordReader | null = null;
  let table: TableReader | null = null;
  let stuck = false;

  const note = (path: string, code: string, message: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ path, code, message });
  };
  /** The rest cannot be told apart, so that it is not looked at. */
  const openQuote = (line: number) => {
    stuck = true;
    note(`line/${line}`, 'E_QUOTES', 'A quotation mark opens here and is not closed.');
  };

  /** Tells the layout by what has come, and takes that up. */
  const open = (): void => {
    const opening = readOpening(held.slice(0, OPENING_LENGTH));
    if (opening === null) return note('', 'E_EMPTY', 'There is nothing in the table.');
    const made = readerFor(opening, reading);
    if (!made.ok) return note('line/1', made.code, made.message);
    table = made;
    reader = recordsInto(made, opening, (found) => note(`line/${found.line}`, found.code, found.message));
    const text = held;
    held = '';
    if (!reader.push(text)) openQuote(reader.line);
  };

  return {
    push(text) {
      if (stuck || problems.length >= MOST_PROBLEMS || (problems.length > 0 && table === null)) return;
      if (reader === null) {
        held += text;
        if (held.length >= OPENING_LENGTH) open();
      } else if (!reader.push(text)) openQuote(reader.line);
    },
    end() {
      if (reader === null && problems.length === 0) open();
      if (reader !== null && !stuck && !reader.end()) openQuote(reader.line);
      return problems.length > 0 || table === null ? { problems } : { data: table.data() };
    }
  };
}

function readerFor({ header, mapping }: Opening, reading: TextReading): TableReader | TableProblem {
  const { layout, customer, date, amount } = mapping;
  if (!layout.named && customer >= 0 && date >= 0)
    return readTransactions(
      { customer, date, amount: amount ?? -1 },
      { ...reading, decimal: reading.decimal ?? mapping.decimal }
    );
  return readTable(header, {
    ...reading,
    decimal: reading.decimal ?? (layout.separator === ';' ? 'comma' : 'point')
  });
}

/** Hands records to a table; blank ones and the header are none. */
function recordsInto(
  table: TableReader,
  { mapping: { layout } }: Opening,
  onProblem: (problem: TableProblem) => void
): RecordReader {
  let header = layout.named;
  return createRecordReader(layout, (fields, line) => {
    if (fields.every((field) => field.trim() === '')) return;
    if (header) {
      header = false;
      return;
    }
    const problem = table.add(fields, line);
    if (problem !== null) onProblem(problem);
  });
}

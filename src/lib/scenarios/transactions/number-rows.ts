import { parseNumber } from '#lib/clv/transactions/index.ts';
import { decimalOf } from './mapping.ts';

/** Where a pasted text cannot be read: its line from 1, and a sentence. */
export interface TextProblem {
  readonly ok: false;
  readonly code: 'E_EMPTY' | 'E_NUMBER' | 'E_COUNT' | 'E_PATH';
  /** Null: the whole text. */
  readonly line: number | null;
  readonly message: string;
}

/**
 * Rows of numbers out of a pasted table: one row a line, parted by tabs, semicolons or bars, as a spreadsheet does, else by
 * commas and blanks. A first line without any number is taken for headings, and a column
 * of words or years before the numbers for the rows' names.
 */
export function readNumberRows(
  text: string
): { readonly ok: true; readonly rows: readonly (readonly number[])[] } | TextProblem {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line: index + 1, fields: fieldsOf(line) }))
    .filter(({ fields }) => fields.length > 0);
  const decimal = decimalOf(
    lines.flatMap(({ fields }) => fields.map(bare)),
    '\t'
  );
  const numberIn = (field: string) => parseNumber(bare(field), decimal);
  const isNumber = (field: string) => !Number.isNaN(numberIn(field));
  if (lines[0]?.fields.every((field) => !isNumber(field))) lines.shift();
  if (lines.length === 0)
    return { ok: false, code: 'E_EMPTY', line: null, message: 'There is no number in this text yet.' };
  const rows: number[][] = [];
  for (const { line, fields } of lines) {
    const first = fields.findIndex(isNumber);
    const numbers = fields.slice(Math.max(first, 0));
    const wrong = numbers.find((field) => !isNumber(field));
    if (wrong !== undefined)
      return { ok: false, code: 'E_NUMBER', line, message: `Line ${line}: “${wrong}” is not a number.` };
    rows.push(numbers.map(numberIn));
  }
  // 2022, 2023, ... before the numbers are names too.
  const named =
    rows.length > 1 && rows.every((row, index) => row.length > 2 && row[0] === rows[0]![0]! + index);
  return { ok: true, rows: named ? rows.map((row) => row.slice(1)) : rows };
}

const bare = (field: string) => field.replace(/\s*%$/, '');

const fieldsOf = (line: string): string[] =>
  line
    .split(/[\t;|]/.test(line) ? /[\t;|]/ : /[,\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** How a file of transactions is laid out, told from its first lines. */

/** What stands between fields. `fixed`: columns of fixed width, told by the blanks that all lines share. */
export type Separator = ',' | ';' | '\t' | '|' | 'fixed';

export type LineEnd = '\r\n' | '\n' | '\r';

export interface FileLayout {
  readonly separator: Separator;
  readonly lineEnd: LineEnd;
  /** Where columns of a fixed width start; empty otherwise. */
  readonly starts: readonly number[];
  /** Fields of the first line are names. */
  readonly named: boolean;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;
const SAMPLE_LINES = 50;

/** The ends of lines: what most lines of the sample have. */
export function lineEndOf(text: string): LineEnd {
  const feeds = text.split('\n').length - 1;
  if (feeds === 0) return text.includes('\r') ? '\r' : '\n';
  return 2 * (text.split('\r\n').length - 1) > feeds ? '\r\n' : '\n';
}

/** Without a byte order mark. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

/**
 * The separator that splits the most lines into the same number of fields, two or more; columns of fixed width where
 * none does. Separators inside quotes do not count.
 */
export function separatorOf(text: string): Separator {
  const lines = sampleLines(text).map((line) => line.replace(/"(?:[^"]|"")*"/g, '""'));
  let best: { separator: Separator; share: number; fields: number } = {
    separator: 'fixed',
    share: 0,
    fields: 1
  };
  for (const separator of SEPARATORS) {
    const counts = lines.map((line) => line.split(separator).length);
    const fields = mostCommon(counts);
    const share = counts.filter((count) => count === fields).length / Math.max(counts.length, 1);
    if (fields < 2) continue;
    if (share > best.share + 0.05 || (share > best.share - 0.05 && fields > best.fields))
      best = { separator, share, fields };
  }
  if (best.separator !== 'fixed') return best.separator;
  return columnStarts(lines).length > 1 ? 'fixed' : ',';
}

function mostCommon(counts: readonly number[]): number {
  const tally = new Map<number, number>();
  for (const count of counts) tally.set(count, (tally.get(count) ?? 0) + 1);
  return [...tally].reduce((best, each) => (each[1] > best[1] ? each : best), [1, 0] as [number, number])[0];
}

/** The lines of the start of a file that have something on them; the last one may be cut and is left out. */
export function sampleLines(text: string): string[] {
  const lines = withoutMark(text).split(/\r\n|\n|\r/);
  const whole = lines.length > 2 ? lines.slice(0, -1) : lines;
  return whole.filter((line) => line.trim() !== '').slice(0, SAMPLE_LINES);
}

/** Where columns start: after a place that is blank in every line. */
export function columnStarts(lines: readonly string[]): number[] {
  const width = Math.max(0, ...lines.map((line) => line.length));
  const starts: number[] = [];
  let wasBlank = true;
  for (let place = 0; place < width; place++) {
    const blank = lines.every((line) => (line[place] ?? ' ') === ' ');
    if (wasBlank && !blank) starts.push(place);
    wasBlank = blank;
  }
  return starts;
}

/**
 * Fields of a line of fixed width. A line with as many words as there are columns is split at its blanks, so that a
 * number wider than those of the first lines stays whole.
 */
export function fixedFields(line: string, starts: readonly number[]): string[] {
  const words = line.trim().split(/\s+/);
  if (words.length === starts.length) return words;
  return starts.map((start, column) => line.slice(column === 0 ? 0 : start, starts[column + 1]).trim());
}

import {
  attributeConversions,
  parseNumber,
  type AttributionResult,
  type ChannelPath
} from '#lib/clv/transactions/index.ts';
import type { TextProblem } from './number-rows.ts';
import { createRecordReader, readOpening } from './records.ts';

/** Paths of contacts and what became of them, from a CSV or a pasted table. */
export type PathsRead =
  { readonly ok: true; readonly paths: readonly ChannelPath[]; readonly people: number } | TextProblem;

const NAMES = {
  path: /path|journey|channels?|pfad/i,
  conversions: /conv|sales|orders|buyers|käufe/i,
  losses: /null|loss|lost|left|non.?conv/i
} as const;

const problem = (code: TextProblem['code'], line: number | null, message: string): TextProblem => ({
  ok: false,
  code,
  line,
  message
});

/**
 * Reads a table of paths: channels in the order of contact, parted by ">" or "→", then how many people who went this
 * way converted, then how many did not (0 where that column is missing). Same paths are added up by the engine.
 */
export function readPaths(text: string): PathsRead {
  const opening = readOpening(text.slice(0, 65_536));
  if (opening === null) return problem('E_EMPTY', null, 'There is no path in this text yet.');
  const { layout } = opening.mapping;
  const columns = columnsOf(opening.header, layout.named, opening.rows[0] ?? []);
  const paths: ChannelPath[] = [];
  let wrong: TextProblem | null = null;
  let people = 0;
  let isHeader = layout.named;
  const reader = createRecordReader(layout, (fields, line) => {
    if (wrong !== null || fields.every((field) => field.trim() === '')) return;
    if (isHeader) {
      isHeader = false;
      return;
    }
    const channels = (fields[columns.path] ?? '')
      .split(/>|→/)
      .map((channel) => channel.trim())
      .filter((channel) => channel !== '');
    const count = (column: number) => (column < 0 ? 0 : parseNumber(fields[column]?.trim() ?? ''));
    const [conversions, losses] = [count(columns.conversions), count(columns.losses)];
    if (channels.length === 0) wrong = problem('E_PATH', line, `Line ${line} names no channel.`);
    else if (![conversions, losses].every((value) => value >= 0 && Number.isFinite(value)))
      wrong = problem(
        'E_COUNT',
        line,
        `Line ${line} needs a count of conversions that is a number of 0 or more.`
      );
    else paths.push({ channels, conversions, losses });
    people += conversions + losses;
  });
  if (!reader.push(text.endsWith('\n') ? text : `${text}\n`) || !reader.end())
    return problem('E_PATH', reader.line, `In line ${reader.line} a quotation mark opens and is not closed.`);
  if (wrong !== null) return wrong;
  return paths.length === 0
    ? problem('E_EMPTY', null, 'There is no path in this text yet.')
    : { ok: true, paths, people };
}

/** By name where there are names, else in the order path, conversions, losses. */
function columnsOf(
  header: readonly string[],
  named: boolean,
  row: readonly string[]
): { path: number; conversions: number; losses: number } {
  const find = (pattern: RegExp) => (named ? header.findIndex((name) => pattern.test(name)) : -1);
  const arrow = row.findIndex((field) => /[>→]/.test(field));
  const losses = find(NAMES.losses);
  const path = [find(NAMES.path), arrow].find((index) => index >= 0) ?? 0;
  const others = header.map((_, index) => index).filter((index) => index !== path && index !== losses);
  const byName = header.findIndex(
    (name, index) => named && others.includes(index) && NAMES.conversions.test(name)
  );
  const conversions = byName >= 0 ? byName : (others[0] ?? -1);
  return {
    path,
    conversions,
    losses: losses >= 0 ? losses : (others.find((index) => index !== conversions) ?? -1)
  };
}

/** Credit of each channel for the conversions, by what would be lost without it (clv.md 1.9). */
export const attribution = (paths: readonly ChannelPath[]): AttributionResult => attributeConversions(paths);

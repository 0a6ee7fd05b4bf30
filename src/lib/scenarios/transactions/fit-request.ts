import { fitModel, type FitReport } from '#lib/clv/transactions/index.ts';
import { readFitJson } from './fit-json.ts';
import {
  isProblems,
  readSettings,
  refuse,
  SETTINGS,
  unknownIn,
  type FitProblem,
  type FitRead,
  type TextReading
} from './fit-settings.ts';
import { createTextTable } from './text-table.ts';

export type { FitProblem } from './fit-settings.ts';

/** `broken`: the body cannot be read at all. `refused`: it can, and breaks a rule. */
export type FitAnswer =
  | { readonly kind: 'fitted'; readonly report: FitReport }
  | { readonly kind: 'broken' | 'refused'; readonly problems: readonly FitProblem[] };

/** What is known of a request before its body comes. Plain, so that it can be sent to a thread. */
export interface FitHead {
  readonly format: 'json' | 'csv';
  readonly query: Readonly<Record<string, string>>;
}

/** Takes the body of a request up as it comes, and fits. */
export interface FitReader {
  push(bytes: Uint8Array): void;
  /** Takes seconds on large tables: call it in a thread of its own. */
  end(): FitAnswer;
}

/**
 * A reader for one request (T14, X10). Text becomes rows piece by piece; a JSON body, whose rows may stand before its
 * settings, is held until its end.
 */
export function createFitReader({ format, query }: FitHead): FitReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const body = format === 'json' ? jsonBody(query) : textBody(query);
  let readable = true;
  const decode = (bytes?: Uint8Array): void => {
    if (!readable) return;
    let text: string;
    try {
      text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      readable = false;
      return;
    }
    body.push(text);
  };
  return {
    push: decode,
    end() {
      decode();
      return readable
        ? answerOf(body.end())
        : {
            kind: 'broken',
            problems: [{ path: '', code: 'E_TEXT', message: 'The body is not text in UTF-8.' }]
          };
    }
  };
}

function answerOf(read: FitRead): FitAnswer {
  if (!read.ok) return { kind: read.broken ? 'broken' : 'refused', problems: read.problems };
  const report = fitModel(read.data, read.settings);
  if (report.ok) return { kind: 'fitted', report };
  return { kind: 'refused', problems: [{ path: '', code: report.code, message: report.message }] };
}

interface Body {
  push(text: string): void;
  end(): FitRead;
}

function jsonBody(query: FitHead['query']): Body {
  const pieces: string[] = [];
  return {
    push: (text) => void pieces.push(text),
    end: () => readFitJson(pieces.join(''), query)
  };
}

/** Settings stand in the query, so that a request that cannot be is known before its rows are read. */
function textBody(query: FitHead['query']): Body {
  const at = (field: string) => `?${field}`;
  const reading = readingOf(query);
  const unknown = unknownIn(query, [...SETTINGS, 'dates', 'decimal'], at);
  const settings = readSettings(query, at);
  const problems = [
    ...unknown,
    ...(isProblems(settings) ? settings : []),
    ...(isProblems(reading) ? reading : [])
  ];
  if (problems.length > 0 || isProblems(settings) || isProblems(reading))
    return { push: () => undefined, end: () => refuse(...problems) };
  const table = createTextTable(reading);
  return {
    push: (text) => table.push(text),
    end() {
      const read = table.end();
      return 'data' in read ? { ok: true, data: read.data, settings } : refuse(...read.problems);
    }
  };
}

function readingOf({ dates, decimal }: FitHead['query']): TextReading | readonly FitProblem[] {
  const problems: FitProblem[] = [];
  if (dates !== undefined && dates !== 'dmy' && dates !== 'mdy')
    problems.push({ path: '?dates', code: 'E_ENUM', message: 'dates is dmy or mdy.' });
  if (decimal !== undefined && decimal !== 'point' && decimal !== 'comma')
    problems.push({ path: '?decimal', code: 'E_ENUM', message: 'decimal is point or comma.' });
  if (problems.length > 0) return problems;
  return {
    ...(dates === undefined ? {} : { dateOrder: dates as 'dmy' | 'mdy' }),
    ...(decimal === undefined ? {} : { decimal: decimal as 'point' | 'comma' })
  };
}

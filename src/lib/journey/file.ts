import * as v from 'valibot';
import { tagKey } from './card-facets.ts';
import { mapFileSchema, type MapFile } from './file-schema.ts';
import {
  placeExists,
  placeOf,
  rangeOf,
  type MetricKey,
  type SettingsMetric,
  type StageMetric
} from './metrics.ts';
import { objectProblems } from './object-problems.ts';
import type { Journey } from './records.ts';
import { bounds } from './schema-parts.ts';
import { viewProblems } from './view-file.ts';

export type { MapFile };

/** What is wrong with a file, and where: `path` is a JSON Pointer (RFC 6901) into the input. */
export interface FileProblem {
  readonly path: string;
  readonly code: FileProblemCode;
  readonly message: string;
}

export type FileProblemCode =
  | 'E_UNKNOWN_FIELD'
  | 'E_MISSING'
  | 'E_TYPE'
  | 'E_FORMAT'
  | 'E_ENUM'
  | 'E_RANGE'
  | 'E_INTEGER'
  | 'E_NOT_FINITE'
  | 'E_TOO_LONG'
  | 'E_TOO_MANY'
  | 'E_ID'
  | 'E_DUPLICATE'
  | 'E_UNKNOWN_STAGE'
  | 'E_UNKNOWN_LANE'
  | 'E_UNKNOWN_METRIC'
  | 'E_UNKNOWN_SCENARIO'
  | 'E_CURRENCY'
  | 'E_URL'
  | 'E_TAG'
  | 'E_UNKNOWN_TARGET'
  | 'E_HASH'
  | 'E_EMOJI';

export type ParsedFile =
  | { readonly ok: true; readonly file: MapFile }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const pointer = (base: string, keys: readonly (string | number)[]) =>
  base + keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function problemOf(issue: v.BaseIssue<unknown>, base: string): FileProblem {
  const keys = (issue.path ?? []).map((item) => item.key as string | number);
  const path = pointer(base, keys);
  const key = String(keys.at(-1) ?? '');
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return { path, code: 'E_UNKNOWN_FIELD', message: `"${key}" is not a field of a map file.` };
  if (issue.received === 'undefined') return { path, code: 'E_MISSING', message: `"${key}" is missing.` };
  const [code = 'E_TYPE', ...sentence] = issue.message.split(' ');
  return { path, code: code as FileProblemCode, message: sentence.join(' ') };
}

/**
 * Reads a map file that anybody may have written. Nothing is dropped or mended: an unknown field, an id that is used
 * twice, or a cell of a stage that is not there is refused by its path. `base` goes before every path.
 * What the numbers mean together (row sums, cycles) is judged by `scenarios`, not here.
 */
export function parseMapFile(input: unknown, base = ''): ParsedFile {
  const parsed = v.safeParse(mapFileSchema, input);
  if (!parsed.success) return { ok: false, problems: parsed.issues.map((issue) => problemOf(issue, base)) };
  const problems = [...referenceProblems(parsed.output, base)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, file: parsed.output };
}

function* referenceProblems(file: MapFile, base: string): Generator<FileProblem> {
  const stageIds = new Set(file.stages.map(({ id }) => id));
  const laneIds = new Set(file.lanes.map(({ id }) => id));
  const at = (...keys: (string | number)[]) => pointer(base, keys);

  function* unique(name: string, keys: readonly string[], last?: string): Generator<FileProblem> {
    const seen = new Set<string>();
    for (const [index, key] of keys.entries()) {
      if (seen.has(key))
        yield {
          path: last === undefined ? at(name, index) : at(name, index, last),
          code: 'E_DUPLICATE',
          message: `"${key}" stands twice in ${name}.`
        };
      seen.add(key);
    }
  }
  function* refers(name: string, index: number, field: string, id: string): Generator<FileProblem> {
    if (field === 'lane' ? !laneIds.has(id) : !stageIds.has(id))
      yield {
        path: at(name, index, field),
        code: field === 'lane' ? 'E_UNKNOWN_LANE' : 'E_UNKNOWN_STAGE',
        message: `There is no ${field === 'lane' ? 'lane' : 'stage'} "${id}" on this map.`
      };
  }

  for (const name of [
    'stages',
    'lanes',
    'cards',
    'scenarios',
    'opportunities',
    'experiments',
    'fits',
    'objects',
    'views'
  ] as const)
    yield* unique(
      name,
      (file[name] ?? []).map(({ id }) => id),
      'id'
    );
  yield* unique(
    'transitions',
    file.transitions.map(({ from, to }) => `${from} to ${to}`)
  );
  yield* unique(
    'cells',
    file.cells.map(({ lane, stage }) => `${lane} in ${stage}`)
  );
  for (const [index, { from, to }] of file.transitions.entries()) {
    yield* refers('transitions', index, 'from', from);
    yield* refers('transitions', index, 'to', to);
  }
  for (const name of ['cells', 'cards'] as const)
    for (const [index, { lane, stage }] of file[name].entries()) {
      yield* refers(name, index, 'lane', lane);
      yield* refers(name, index, 'stage', stage);
    }
  for (const [index, { tags = [] }] of file.cards.entries()) {
    const keys = tags.map(tagKey);
    for (const [position, key] of keys.entries())
      if (keys.indexOf(key) !== position)
        yield {
          path: at('cards', index, 'tags', position),
          code: 'E_DUPLICATE',
          message: `"${tags[position] ?? ''}" stands twice on this card.`
        };
  }
  const entry = file.settings.referral?.entry;
  if (entry !== undefined && !stageIds.has(entry))
    yield {
      path: at('settings', 'referral', 'entry'),
      code: 'E_UNKNOWN_STAGE',
      message: `There is no stage "${entry}" on this map.`
    };
  yield* overrideProblems(file, at);
  yield* decisionProblems(file, at);
  yield* objectProblems(file, at);
  yield* viewProblems(file, at);
}

function* overrideProblems(
  file: MapFile,
  at: (...keys: (string | number)[]) => string
): Generator<FileProblem> {
  const journey = file as { stages: readonly { id: string }[]; lanes: readonly { id: string }[] };
  for (const [index, scenario] of file.scenarios.entries()) {
    const seen = new Set<string>();
    for (const [position, { metric, value }] of scenario.overrides.entries()) {
      const path = (field: string) => at('scenarios', index, 'overrides', position, field);
      const place = placeOf(metric);
      if (place === null || !placeExists(place, journey as Pick<Journey, 'stages' | 'lanes'>)) {
        yield {
          path: path('metric'),
          code: 'E_UNKNOWN_METRIC',
          message: `There is no number "${metric}" on this map.`
        };
        continue;
      }
      if (seen.has(metric))
        yield { path: path('metric'), code: 'E_DUPLICATE', message: `"${metric}" is overridden twice.` };
      seen.add(metric);
      const range = rangeOf(place);
      if (value < range.min || value > range.max)
        yield { path: path('value'), code: 'E_RANGE', message: `This must be ${bounds(range)}.` };
      else if (range.integer && !Number.isInteger(value))
        yield { path: path('value'), code: 'E_INTEGER', message: 'This must be a whole number.' };
    }
  }
}

/** References of opportunities, ranges and experiments. */
function* decisionProblems(
  file: MapFile,
  at: (...keys: (string | number)[]) => string
): Generator<FileProblem> {
  const journey = file as { stages: readonly { id: string }[]; lanes: readonly { id: string }[] } as Pick<
    Journey,
    'stages' | 'lanes'
  >;
  const known = (metric: string) => {
    const place = placeOf(metric);
    return place !== null && placeExists(place, journey);
  };
  function* check(keys: readonly string[], path: (index: number) => string): Generator<FileProblem> {
    for (const [index, key] of keys.entries()) {
      if (!known(key))
        yield {
          path: path(index),
          code: 'E_UNKNOWN_METRIC',
          message: `There is no number "${key}" on this map.`
        };
      else if (keys.indexOf(key) !== index)
        yield { path: path(index), code: 'E_DUPLICATE', message: `"${key}" stands here twice.` };
    }
  }
  for (const [index, { edits }] of (file.opportunities ?? []).entries())
    yield* check(
      edits.map(({ metric }) => metric),
      (position) => at('opportunities', index, 'edits', position, 'metric')
    );
  yield* check(
    (file.ranges ?? []).map(({ metric }) => metric),
    (index) => at('ranges', index, 'metric')
  );
  for (const [index, { from, to, a, b }] of (file.experiments ?? []).entries()) {
    for (const [field, stage] of Object.entries({ from, to }))
      if (!file.stages.some(({ id }) => id === stage))
        yield {
          path: at('experiments', index, field),
          code: 'E_UNKNOWN_STAGE',
          message: `There is no stage "${stage}" on this map.`
        };
    for (const [name, variant] of Object.entries({ a, b }))
      if (variant.converted > variant.observed)
        yield {
          path: at('experiments', index, name, 'converted'),
          code: 'E_RANGE',
          message: 'No more can have converted than were observed.'
        };
  }
}

/** The JSON Pointer of a number in a file, for messages about what numbers mean together. */
export function pointerOf(file: MapFile, key: MetricKey, base = ''): string {
  const place = placeOf(key);
  if (place === null) return base;
  switch (place.on) {
    case 'settings':
      return pointer(base, ['settings', ...settingsPath(place.metric)]);
    case 'stage': {
      const index = file.stages.findIndex(({ id }) => id === place.stage);
      return pointer(base, ['stages', index, ...stagePath(place.metric)]);
    }
    case 'transition': {
      const index = file.transitions.findIndex(({ from, to }) => from === place.from && to === place.to);
      return pointer(base, ['transitions', index, 'probability']);
    }
    case 'cell': {
      const index = file.cells.findIndex(({ lane, stage }) => lane === place.lane && stage === place.stage);
      return pointer(base, ['cells', index, place.metric]);
    }
  }
}

const settingsPath = (metric: SettingsMetric): string[] =>
  metric === 'referralDelay'
    ? ['referral', 'delay']
    : metric === 'kappaPlus' || metric === 'kappaMinus'
      ? ['feelings', metric]
      : [metric];

const stagePath = (metric: StageMetric): string[] =>
  metric === 'sbgAlpha' ? ['retention', 'alpha'] : metric === 'sbgBeta' ? ['retention', 'beta'] : [metric];

import type { LaneId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import { placeOf, rangeOf, type MetricKey, type MetricPlace } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { metricsIn } from './assumptions.ts';
import { evaluateMap } from './evaluate.ts';
import type { Notice } from './figures.ts';
import { metricLabel } from './metric-label.ts';
import { noticeAt } from './notice.ts';

/** What is merely not entered yet. Everything else can never be true of a journey. */
const INCOMPLETE: ReadonlySet<Notice['code']> = new Set(['E_MISSING', 'E_NO_CUSTOMER', 'E_NO_CONVERSION']);

/**
 * The problems for which a map file is refused (SPEC F11): numbers out of range, shares that add up to more than 100%,
 * loops without end, places that are not on the map, in the baseline and in every scenario. Missing numbers are none.
 * A scenario's notices carry the path of its override.
 */
export function impossible(journey: Journey): Notice[] {
  const figures = evaluateMap(journey);
  const found = [...wrongNumbers(journey, null), ...(figures.baseline.ok ? [] : figures.baseline.problems)];
  const known = new Set(found.map(identity));
  const inScenarios = figures.scenarios.flatMap(({ id, evaluation }) =>
    [...wrongNumbers(journey, id), ...(evaluation.ok ? [] : evaluation.problems)]
      .filter((notice) => !known.has(identity(notice)))
      .map((notice) => ({ ...notice, path: `scenarios/${id}/overrides/${notice.path}` }))
  );
  return unique([...found, ...inScenarios]).filter(({ code }) => !INCOMPLETE.has(code));
}

const identity = ({ code, path }: Notice): string => `${code} ${path}`;

/** The first notice of each kind and place. */
function unique(notices: readonly Notice[]): Notice[] {
  const told = new Set<string>();
  return notices.filter((notice) => !told.has(identity(notice)) && told.add(identity(notice)));
}

/** Numbers that no map can carry, also where no figure depends on them. */
function wrongNumbers(journey: Journey, scenario: ScenarioId | null): Notice[] {
  return [...metricsIn(journey, scenario)].flatMap(([key, value]) => {
    const place = placeOf(key);
    if (place === null)
      return [noticeAt(key, 'E_ENUM', journey, `“${key}” is not a number that a map carries.`)];
    const stranger = strangerIn(place, journey);
    if (stranger !== null)
      return [
        noticeAt(
          key,
          stranger === 'stage' ? 'E_UNKNOWN_STAGE' : 'E_UNKNOWN_LANE',
          journey,
          `“${key}” names a ${stranger} that is not on the map.`
        )
      ];
    return value === null ? [] : wrongNumber(key, place, value, journey);
  });
}

function strangerIn(place: MetricPlace, journey: Journey): 'stage' | 'lane' | null {
  const hasStage = (id: StageId) => journey.stages.some((stage) => stage.id === id);
  const hasLane = (id: LaneId) => journey.lanes.some((lane) => lane.id === id);
  switch (place.on) {
    case 'settings':
      return null;
    case 'stage':
      return hasStage(place.stage) ? null : 'stage';
    case 'transition':
      return hasStage(place.from) && hasStage(place.to) ? null : 'stage';
    case 'cell':
      return !hasStage(place.stage) ? 'stage' : hasLane(place.lane) ? null : 'lane';
  }
}

function wrongNumber(key: MetricKey, place: MetricPlace, value: number, journey: Journey): Notice[] {
  const { min, max, integer } = rangeOf(place);
  const label = metricLabel(key, journey);
  if (!Number.isFinite(value)) return [noticeAt(key, 'E_NOT_FINITE', journey, `${label}, must be a number.`)];
  if (value < min || value > max)
    return [noticeAt(key, 'E_RANGE', journey, `${label}, must be from ${min} to ${max}, but is ${value}.`)];
  if (integer && !Number.isInteger(value))
    return [noticeAt(key, 'E_INTEGER', journey, `${label}, must be a whole number, but is ${value}.`)];
  return [];
}

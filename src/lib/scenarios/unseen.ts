import type { Journey } from '#lib/journey/records.ts';
import { cellKey, stageKey } from '#lib/journey/metrics.ts';
import { isFeeling, type Metrics } from './assumptions.ts';
import type { Notice } from './figures.ts';
import { noticeAt } from './notice.ts';
import { laneName, stageName } from './metric-label.ts';

/**
 * Problems in numbers that the engine never sees: one half of a renewal shape, and a feeling that would vanish in the
 * mean over a stage's feelings.
 */
export function unseenProblems(journey: Journey, metrics: Metrics): Notice[] {
  return [...halfRenewals(journey, metrics), ...wrongFeelings(journey, metrics)];
}

function halfRenewals(journey: Journey, metrics: Metrics): Notice[] {
  return journey.stages.flatMap(({ id }) => {
    const alpha = stageKey(id, 'sbgAlpha');
    const beta = stageKey(id, 'sbgBeta');
    if (metrics.has(alpha) === metrics.has(beta)) return [];
    const [missing, letter] = metrics.has(alpha) ? [beta, 'beta'] : [alpha, 'alpha'];
    const message = `Enter the renewal shape ${letter} of “${stageName(journey, id)}” too.`;
    return [noticeAt(missing, 'E_MISSING', journey, message)];
  });
}

function wrongFeelings(journey: Journey, metrics: Metrics): Notice[] {
  const lanes = journey.lanes.filter(({ kind }) => kind === 'feelings');
  return journey.stages.flatMap(({ id: stage }) =>
    lanes.flatMap(({ id: lane }) => {
      const key = cellKey(lane, stage, 'feeling');
      const score = metrics.get(key);
      if (score === undefined || score === null || isFeeling(score)) return [];
      const where = `“${laneName(journey, lane)}” in “${stageName(journey, stage)}”`;
      return Number.isFinite(score)
        ? [noticeAt(key, 'E_RANGE', journey, `${where} must be from -2 to 2, but is ${score}.`)]
        : [noticeAt(key, 'E_NOT_FINITE', journey, `${where} must be a number from -2 to 2.`)];
    })
  );
}

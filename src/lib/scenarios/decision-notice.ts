import type { DecisionProblem, DecisionProblemCode } from '#lib/clv/decisions/index.ts';
import type { OpportunityId } from '#lib/journey/ids.ts';
import { settingsKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Metrics } from './assumptions.ts';
import type { Notice } from './figures.ts';
import { SETTINGS_LABELS } from './metric-label.ts';
import { noticeAt, noticeOf, whereabouts } from './notice.ts';

/** Why a decision has no figure, told in the words of the map. */
export interface DecisionNotice extends Omit<Notice, 'code'> {
  readonly code: DecisionProblemCode | Notice['code'];
  /** The opportunity that it concerns; null where it concerns none or all. */
  readonly opportunity: OpportunityId | null;
}

/** The engine's codes for decisions that it has no words of the map for. */
const OWN: ReadonlySet<DecisionProblemCode> = new Set(['E_CONFLICT', 'E_ORDER', 'E_PLACE']);

/** A problem of the engine in the words and keys of the map (SPEC F7). */
export function decisionNotice(
  { code, at, opportunity, message }: DecisionProblem,
  journey: Journey,
  metrics: Metrics
): DecisionNotice {
  const of = opportunity as OpportunityId | null;
  if (at === null) return { code, key: null, path: 'opportunities', where: '', message, opportunity: of };
  if (code === 'E_CONFLICT' || code === 'E_ORDER' || code === 'E_PLACE')
    return { code, ...whereabouts(at, journey, metrics), message, opportunity: of };
  return { ...noticeOf({ code, at, message }, journey, metrics), opportunity: of };
}

/** True where the sentence alone does not say which number it is about. */
export const needsPlace = ({ code, where, message }: DecisionNotice): boolean =>
  where !== '' && (OWN.has(code as DecisionProblemCode) || !/“/.test(message));

/** What is missing while nobody has said how many prospects come. */
export function missingIntake(journey: Journey): DecisionNotice {
  const message = `Enter “${SETTINGS_LABELS.prospectsPerTick}” per ${journey.settings.tick} to see what a programme is worth in all.`;
  return {
    ...noticeAt(settingsKey('prospectsPerTick'), 'E_MISSING', journey, message),
    opportunity: null
  };
}

import type { Place, Problem } from '../model.ts';
import type { DecisionProblem, DecisionProblemCode, Opportunity, Refused } from './types.ts';

/** A refusal for one reason. */
export const refusal = (
  code: DecisionProblemCode,
  message: string,
  at: Place | null = null,
  opportunity: string | null = null
): Refused => ({ ok: false, problems: [{ code, at, opportunity, message }] });

/** The engine's problems as decision problems. */
export const fromEngine = (
  problems: readonly Problem[],
  opportunity: Opportunity | null = null
): Refused => ({
  ok: false,
  problems: problems.map((problem): DecisionProblem => ({ ...problem, opportunity: opportunity?.id ?? null }))
});

/** One place as a key of maps and sets. */
export function placeKey(place: Place): string {
  switch (place.on) {
    case 'map':
      return place.metric;
    case 'stage':
      return JSON.stringify([place.metric, place.stage]);
    case 'transition':
      return JSON.stringify(['transition', place.from, place.to]);
    case 'cell':
      return JSON.stringify(['cell', place.lane, place.stage]);
  }
}

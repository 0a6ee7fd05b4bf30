import { evaluateMap } from '#lib/scenarios/evaluate.ts';
import { figuresJson } from '#lib/scenarios/figures-json.ts';
import { answer, caller, refused } from '../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** The figures of the baseline and of every scenario, in full precision, with what they were computed under. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const journey = await event.locals.app.maps.journey(who.principal, event.params.id);
  return journey.ok ? answer(figuresJson(evaluateMap(journey.value), journey.value)) : refused(journey);
};

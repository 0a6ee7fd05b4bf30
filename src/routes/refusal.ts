import { error } from '@sveltejs/kit';
import type { Outcome } from '../../server/maps.ts';

type Reason = Extract<Outcome<unknown>, { ok: false }>['reason'];

const REFUSALS: Readonly<Record<Reason, readonly [status: number, message: string]>> = {
  login: [404, 'No such map, or not one of yours.'],
  unknown: [404, 'No such map, or not one of yours.'],
  forbidden: [403, 'Your role on this map does not allow that.'],
  gone: [410, 'This map is in the trash.']
};

/** The sentence for a refusal, where the page stays and only the action failed. */
export const refusalOf = (reason: Reason): { status: number; problem: string } => {
  const [status, problem] = REFUSALS[reason];
  return { status, problem };
};

/** The value, or the error page that fits the refusal. Strangers and unknown maps look alike: 404. */
export function orRefuse<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { status, problem } = refusalOf(outcome.reason);
  error(status, problem);
}

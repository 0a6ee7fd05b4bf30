import type { Evaluation } from '#lib/scenarios/figures.ts';
import { formatMoney } from '#lib/scenarios/format.ts';

/** The CLV of an evaluation, or that there is none. */
export const clvText = (evaluation: Evaluation, currency: string): string =>
  evaluation.ok ? formatMoney(evaluation.value.clv, currency) : 'Not computed yet';

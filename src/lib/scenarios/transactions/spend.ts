import {
  gammaGammaMeanSpend,
  type FitRefusal,
  type FitReport,
  type GammaGammaParameters
} from '#lib/clv/transactions/index.ts';

/** Above a correlation of 0.3 between spend and frequency Gamma-Gamma's figures are not shown. */
export function spendTold(spend: FitReport | FitRefusal): FitReport | FitRefusal {
  const check = spend.ok ? spend.checks.find(({ code }) => code === 'SPEND_INDEPENDENT') : undefined;
  if (check === undefined || check.passed) return spend;
  return {
    ok: false,
    code: 'E_SPEND_DEPENDS',
    message: `What customers spend goes with how often they buy (correlation ${check.value.toFixed(2)}, more than 0.3 from 0), so that no mean spend is told.`
  };
}

/** The spend parameters of a report, when it has them and they have a mean. */
export const spendOf = (parameters: Readonly<Record<string, number>>): GammaGammaParameters | null => {
  const { p, q, v } = parameters;
  if (p === undefined || q === undefined || v === undefined || !(p > 0 && q > 1 && v > 0)) return null;
  const spend = { model: 'gamma-gamma', p, q, v } as const;
  return Number.isFinite(gammaGammaMeanSpend(spend)) ? spend : null;
};

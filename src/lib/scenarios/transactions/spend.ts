import { gammaGammaMeanSpend, type GammaGammaParameters } from '#lib/clv/transactions/index.ts';

/** The spend parameters of a report, when it has them and they have a mean. */
export const spendOf = (parameters: Readonly<Record<string, number>>): GammaGammaParameters | null => {
  const { p, q, v } = parameters;
  if (p === undefined || q === undefined || v === undefined || !(p > 0 && q > 1 && v > 0)) return null;
  const spend = { model: 'gamma-gamma', p, q, v } as const;
  return Number.isFinite(gammaGammaMeanSpend(spend)) ? spend : null;
};

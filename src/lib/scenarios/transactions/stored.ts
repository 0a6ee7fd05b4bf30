import { LIMITS } from '#lib/journey/limits.ts';
import type { StoredFit } from '#lib/journey/records.ts';
import type { Analysis } from './analyse.ts';
import { MODEL_WORDS, PURCHASE_MODELS, type PurchaseModelName } from './models.ts';

/** What a map keeps of a fit, before it has its place there. */
export type FitToKeep = Omit<StoredFit, 'id' | 'rank'>;

const WITH_SPEND = '+gamma-gamma';

/** Model names of a stored fit; null for a model that this program does not know. */
export function modelsOf(
  stored: Pick<StoredFit, 'model'>
): { purchases: PurchaseModelName; spend: boolean } | null {
  const spend = stored.model.endsWith(WITH_SPEND);
  const name = spend ? stored.model.slice(0, -WITH_SPEND.length) : stored.model;
  const purchases = PURCHASE_MODELS.find((model) => model === name);
  return purchases === undefined ? null : { purchases, spend };
}

/** "BG/NBD with Gamma-Gamma". */
export function modelWords(stored: Pick<StoredFit, 'model'>): string {
  const models = modelsOf(stored);
  if (models === null) return stored.model;
  return `${MODEL_WORDS[models.purchases].name}${models.spend ? ' with Gamma-Gamma' : ''}`;
}

/**
 * What enters the map of an analysis: parameters, counts, and the file's name and hash. Purchases and spend are
 * independent in these models, so that their parameters stand together and their log-likelihoods add up. Null while
 * there is no fit.
 */
export function fitToKeep(
  { fit, spend, customers, repeatCustomers, options, until }: Analysis,
  file: StoredFit['file']
): FitToKeep | null {
  if (!fit.ok) return null;
  return {
    name: `${MODEL_WORDS[options.model].name}, ${file.name}`.slice(0, LIMITS.name),
    model: `${options.model}${spend.ok ? WITH_SPEND : ''}`,
    file: { ...file, name: file.name.slice(0, LIMITS.title) },
    unit: options.unit,
    until,
    customers,
    repeatCustomers,
    parameters: { ...fit.parameters, ...(spend.ok ? spend.parameters : {}) },
    standardErrors: { ...fit.standardErrors, ...(spend.ok ? spend.standardErrors : {}) },
    logLikelihood: fit.logLikelihood + (spend.ok ? spend.logLikelihood : 0)
  };
}

/** True when a map has this very fit already: same file, model, unit and cut-off. */
export const isKept = (fits: readonly StoredFit[], fit: FitToKeep): boolean =>
  fits.some(
    (kept) =>
      kept.model === fit.model &&
      kept.unit === fit.unit &&
      kept.until === fit.until &&
      kept.file.name === fit.file.name &&
      kept.file.sha256 === fit.file.sha256
  );

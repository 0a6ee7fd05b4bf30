import { describe, expect, it } from 'vitest';
import { subscription } from '../../../../tests/oracles/maps.ts';
import { onSubscription, programmeOnSubscription, share } from '../../../../tests/oracles/opportunities.ts';
import { annuity, baselineOf, evaluateOpportunity } from './opportunity.ts';
import type { Opportunity } from './types.ts';

const baseline = (() => {
  const result = baselineOf(subscription());
  if (!result.ok) throw new Error('J1 has no value');
  return result;
})();

const valueOf = (opportunity: Opportunity) => {
  const result = evaluateOpportunity(baseline, opportunity, programmeOnSubscription);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
};

const codesOf = (change: Partial<Opportunity>, programme = programmeOnSubscription) => {
  const result = evaluateOpportunity(baseline, { ...onSubscription[0]!, ...change }, programme);
  return result.ok ? [] : result.problems.map(({ code, opportunity }) => [code, opportunity]);
};

describe('D8: value of a programme', () => {
  it('the annuity of J3, and ticks where nothing is discounted', () => {
    expect(annuity(baseline.model.discountFactor, 24)).toBeCloseTo(21.938121393, 9);
    expect(annuity(1, 24)).toBe(24);
    expect(annuity(1 - 1e-12, 24)).toBeCloseTo(24, 9);
    expect(annuity(0.9, 1)).toBeCloseTo(1, 15);
  });

  it('J3: the figures of O1 to O4 when they succeed', () => {
    const [o1, o2, o3, o4] = onSubscription.map(valueOf);
    expect(o1!.after.cac).toBeCloseTo(68.808923, 6);
    expect(o1!.after.conversion).toBeCloseTo(0.027952941, 9);
    expect(o2!.after.clv).toBeCloseTo(575.504363, 6);
    expect(o3!.after.clv).toBeCloseTo(518.14915, 6);
    expect(o4!.after.cac).toBeCloseTo(76.521579, 6);
    expect(o2!.clvUplift).toBeCloseTo(575.504363 - 524.464542929, 6);
    expect(o3!.clvUplift).toBeLessThan(0);
  });

  it('counts chance and reach in the gain and not in the costs', () => {
    const sure = valueOf({ ...onSubscription[0]!, successProbability: 1 });
    const half = valueOf({ ...onSubscription[0]!, successProbability: 0.8, reach: 0.5 });
    const costs = 18_000 + 400 * sure.annuity;
    expect(half.npvUplift).toBe(sure.npvUplift);
    expect(half.expectedUplift).toBeCloseTo(0.4 * sure.npvUplift, 14);
    expect(half.programmeValue + costs).toBeCloseTo(0.4 * (sure.programmeValue + costs), 6);
    expect(valueOf({ ...onSubscription[0]!, successProbability: 0 }).programmeValue).toBeCloseTo(-costs, 6);
  });
});

describe('D7: numbers of an opportunity', () => {
  it('refuses what is out of range, by name', () => {
    expect(codesOf({ successProbability: 1.2 })).toEqual([['E_RANGE', 'O1']]);
    expect(codesOf({ reach: -0.1 })).toEqual([['E_RANGE', 'O1']]);
    expect(codesOf({ oneOffCost: -1, runningCost: Infinity })).toEqual([
      ['E_RANGE', 'O1'],
      ['E_NOT_FINITE', 'O1']
    ]);
    expect(codesOf({}, { intake: 4000, ticks: 2.5 })).toEqual([['E_INTEGER', null]]);
    expect(codesOf({}, { intake: -1, ticks: 24 })).toEqual([['E_RANGE', null]]);
  });

  it('D3: passes on why the changed map has no value', () => {
    const edits = [{ place: share('Trial', 'Active'), how: 'set', amount: 0.9 }] as const;
    expect(codesOf({ edits })).toEqual([['E_ROW_SUM', 'O1']]);
  });
});

import { expect, test } from 'vitest';
import { j1, key, withMetrics } from '../j1.fixture.ts';
import { linkOf } from './link.ts';

const CDNOW = {
  model: 'bg-nbd+gamma-gamma',
  unit: 'week',
  parameters: { r: 0.24259, alpha: 4.4136, a: 0.79292, b: 2.4259, p: 6.24957, q: 3.74423, v: 15.44352 }
} as const;

test('X13: a new customer of the file stands beside the map, over its horizon', () => {
  const link = linkOf(CDNOW, j1());
  if (!link.ok) throw new Error(link.message);
  expect(link.cohort.meanSpend).toBeCloseTo((6.24957 * 15.44352) / 2.74423, 9);
  // 36 months hold 156 weeks; E[X(156)] of a new customer from the fit, and the first order.
  expect(link.cohort.orders).toBeGreaterThan(3);
  expect(link.cohort.orders).toBeLessThan(4);
  expect(link.cohort.clv).toBeLessThan(0.82 * link.cohort.meanSpend * link.cohort.orders);
  expect(link.ratio).toBeCloseTo(link.cohort.clv / link.mapClv, 12);
  expect(link.stages[0]?.name).toBe('Active');
});

test('X14: the offers change nothing by themselves; taken, they make orders match', () => {
  const journey = j1();
  const before = linkOf(CDNOW, journey);
  if (!before.ok || before.link === null) throw new Error('no link');
  const { orderValue, stay } = before.link;
  expect(journey.metrics.get(orderValue.key)).toBe(orderValue.before);
  expect(orderValue.after).toBe(35.17);
  if ('problem' in stay) throw new Error(stay.problem);
  expect(stay.before).toBe(journey.metrics.get(key.share('Active', 'Active')));
  const after = linkOf(CDNOW, withMetrics(journey, [[stay.key, stay.after]]));
  expect(after.ok && after.mapOrders).toBeCloseTo(before.cohort.orders, 2);
});

test('X14: orders that no share of staying gives are told in a sentence', () => {
  const busy = { ...CDNOW, parameters: { ...CDNOW.parameters, r: 50 } };
  const link = linkOf(busy, j1());
  expect(link.ok && link.link?.stay).toMatchObject({
    problem: expect.stringMatching(/orders per visit/) as string
  });
});

test('X8, X14: without a mean spend, without a CLV, with a model from elsewhere: a sentence and no figure', () => {
  const { p: _, ...purchases } = CDNOW.parameters;
  for (const [fit, journey] of [
    [{ ...CDNOW, parameters: purchases }, j1()],
    [{ ...CDNOW, parameters: { ...CDNOW.parameters, q: 0.9 } }, j1()],
    [{ ...CDNOW, model: 'crystal-ball' }, j1()],
    [CDNOW, withMetrics(j1(), [[key.setting('grossMargin'), undefined]])]
  ] as const)
    expect(linkOf(fit, journey)).toEqual({ ok: false, message: expect.stringMatching(/\.$/) as string });
});

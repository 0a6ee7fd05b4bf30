import { expect, test } from 'vitest';
import { AXES, quartersOf } from './axes.ts';

test('P19: the quarters of gain against effort say what to do, wherever the better end lies', () => {
  expect(quartersOf('cost', 'uplift')).toEqual({
    topLeft: 'Do first',
    topRight: 'Plan well',
    bottomLeft: 'When there is time',
    bottomRight: 'Leave'
  });
  expect(quartersOf('feasibility', 'programmeValue')).toEqual({
    topLeft: 'Plan well',
    topRight: 'Do first',
    bottomLeft: 'Leave',
    bottomRight: 'When there is time'
  });
  expect(quartersOf('uplift', 'cost').bottomRight).toBe('Do first');
});

test('P19: two gains, or two efforts, are named by themselves', () => {
  expect(quartersOf('satisfaction', 'business')).toEqual({
    topLeft: 'Business only',
    topRight: 'Business and satisfaction',
    bottomLeft: 'Neither',
    bottomRight: 'Satisfaction only'
  });
  expect(quartersOf('cost', 'feasibility')).toMatchObject({
    topLeft: 'Feasible and cheap',
    bottomRight: 'Neither'
  });
});

test('P19: no two quarters of a matrix have the same name', () => {
  for (const x of AXES)
    for (const y of AXES) if (x !== y) expect(new Set(Object.values(quartersOf(x, y))).size).toBe(4);
});

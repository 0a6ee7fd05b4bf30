import { render, screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { QuarterFigures } from '#lib/scenarios/transactions/quarters.ts';
import Quarters from './Quarters.svelte';

const refusal = {
  ok: false,
  code: 'E_TOO_FEW_CUSTOMERS',
  message: '12 customers first bought in 1997-Q2.'
} as const;
const fit = {
  ok: true,
  model: 'bg-nbd',
  unit: 'week',
  until: '1998-03-31',
  customers: 700,
  parameters: {},
  standardErrors: {},
  covariance: [],
  logLikelihood: -1,
  checks: [],
  notes: [],
  evaluations: 1
} as const;

const quarters: QuarterFigures[] = [
  {
    quarter: '1997-Q1',
    customers: 700,
    fit,
    spend: fit,
    newcomer: { ordersInYear: 2.4, meanSpend: 35, revenue: 120 }
  },
  { quarter: '1997-Q2', customers: 12, fit: refusal, spend: refusal, newcomer: null }
];

test('P23: quarters stand beside each other, the small one with its sentence and no number', () => {
  render(Quarters, { props: { quarters, currency: 'EUR' } });
  const rows = within(screen.getByTestId('quarters')).getAllByRole('row');
  expect(rows[1]!.textContent).toMatch(/1997-Q1\s*700\s*2\.40\s*€35\.00\s*€120\.00/);
  expect(rows[2]!.textContent).toMatch(/1997-Q2\s*12\s*not told\s*not told\s*not told/);
  expect(screen.getByRole('list', { name: /revenue over the map/ }).textContent).toContain('€120.00');
  expect(screen.getByRole('list', { name: 'Quarters without a figure' }).textContent).toContain(
    '12 customers first bought in 1997-Q2. E_TOO_FEW_CUSTOMERS'
  );
});

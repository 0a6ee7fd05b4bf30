import { readFileSync } from 'node:fs';
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { j1, key } from '#lib/scenarios/j1.fixture.ts';
import { World } from '../world.fixture.svelte.ts';
import { createImportJob } from './import-job.ts';
import type { ImportWorker } from './session.svelte.ts';
import TransactionsPanel from './TransactionsPanel.svelte';

const CDNOW = readFileSync('tests/oracles/data/cdnow_sample_transactions.csv', 'utf8');

beforeEach(() => localStorage.clear());

/** The worker's work without a thread. `ended` counts how often it was ended. */
const state = { ended: 0, hold: false };
function startWorker(): ImportWorker {
  let alive = true;
  const worker: ImportWorker = {
    onmessage: null,
    onerror: null,
    postMessage: (request) => {
      if (!state.hold) void run(request);
    },
    terminate: () => {
      alive = false;
      state.ended += 1;
    }
  };
  const run = createImportJob((data) => {
    if (alive) worker.onmessage?.({ data });
  });
  return worker;
}

function show(options: { canEdit?: boolean } = {}): World {
  Object.assign(state, { ended: 0, hold: false });
  const world = new World(j1(), new Y.Doc());
  world.canEdit = options.canEdit ?? true;
  render(TransactionsPanel, {
    props: {
      document: world.document,
      get journey() {
        return world.journey;
      },
      get canEdit() {
        return world.canEdit;
      },
      startWorker
    }
  });
  return world;
}

async function choose(text: string, name = 'shop.csv'): Promise<void> {
  const file = new File([text], name, { type: 'text/csv' });
  await fireEvent.change(screen.getByLabelText('Choose a file'), { target: { files: [file] } });
}

const button = (name: RegExp | string) => screen.getByRole<HTMLButtonElement>('button', { name });

/** The results come part by part; the way to keep them is the last. */
const drawn = () => screen.findByText(/^Bought or not per/, {}, { timeout: 10_000 });

async function fitted(text = CDNOW): Promise<World> {
  const world = show();
  await choose(text);
  await screen.findByText('Read and fit');
  await fireEvent.change(screen.getByLabelText('Fit up to and with'), { target: { value: '1997-09-30' } });
  await fireEvent.click(button('Read and fit'));
  await drawn();
  return world;
}

test('the next file does not inherit the cut-off of the one before', async () => {
  show();
  const cutOff = () => screen.getByLabelText<HTMLInputElement>('Fit up to and with');
  await choose(CDNOW);
  await screen.findByText('Read and fit');
  await fireEvent.change(cutOff(), { target: { value: '1997-09-30' } });
  expect(cutOff().value).toBe('1997-09-30');
  await fireEvent.click(button('Close the file'));
  await choose(CDNOW);
  await screen.findByText('Read and fit');
  expect(cutOff().value).toBe('');
});

test('nothing yet: what to do, and what stays on the device', () => {
  show();
  expect(screen.getByText(/The rows stay on this device; only the fitted parameters/)).toBeTruthy();
  expect(screen.getByLabelText('Choose a file')).toBeTruthy();
});

test('the columns are guessed first, with the first five rows', async () => {
  show();
  await choose(CDNOW);
  await screen.findByText('Read and fit');
  expect(screen.getByLabelText<HTMLSelectElement>('Customer').value).toBe('0');
  expect(screen.getByLabelText<HTMLSelectElement>('Date').value).toBe('1');
  expect(screen.getByLabelText<HTMLSelectElement>('Amount').value).toBe('3');
  expect(within(screen.getByRole('table')).getAllByRole('row')).toHaveLength(6);
});

test('P21: the guess at the first row can be overridden, and the preview and the guesses follow', async () => {
  show();
  await choose('7,2024-01-02,5\n8,2024-01-03,6\n7,2024-02-04,7\n');
  await screen.findByText('Read and fit');
  const named = () => screen.getByLabelText<HTMLInputElement>('The first row holds the columns’ names');
  const rows = () =>
    within(screen.getByRole('table'))
      .getAllByRole('row')
      .map(({ textContent }) => textContent);
  expect(named().checked).toBe(false);
  expect(rows()).toHaveLength(4);
  expect(rows()[0]).toContain('Column 1');
  await fireEvent.click(named());
  await vi.waitFor(() => expect(rows()).toHaveLength(3));
  expect(rows()[0]).toContain('2024-01-02');
  await fireEvent.click(button('Read and fit'));
  expect(await screen.findByText(/2 of 2 rows were read/)).toBeTruthy();
  await fireEvent.click(button('Change the columns'));
  // A choice of the person's own outlives the switch.
  await fireEvent.change(screen.getByLabelText('Amount'), { target: { selectedIndex: 0 } });
  await fireEvent.click(named());
  await vi.waitFor(() => expect(rows()).toHaveLength(4));
  expect(screen.getByLabelText<HTMLSelectElement>('Amount').value).toBe('');
  expect(screen.getByLabelText<HTMLSelectElement>('Date').value).toBe('1');
});

test('dates that do not tell day and month apart must be answered before anything is read', async () => {
  show();
  await choose('id,date,amount\na,03/04/2024,1\nb,05/06/2024,2\n');
  await screen.findByText(/Say which comes first in the dates/);
  expect(button('Read and fit').disabled).toBe(true);
  await fireEvent.change(screen.getByLabelText('Dates with slashes'), { target: { value: 'dmy' } });
  expect(button('Read and fit').disabled).toBe(false);
});

test('the figures of CDNOW: report, checks, holdout, parameters', async () => {
  await fitted();
  expect(screen.getByText(/6,919 of 6,919 rows were read/)).toBeTruthy();
  expect(screen.getByTestId('holdout').textContent).toMatch(
    /expected\s+1,653\s+purchases.*there were\s+1,882/
  );
  const [purchases, spend] = screen.getAllByTestId('parameters');
  expect(purchases!.textContent).toMatch(/r\s*0\.243/);
  expect(purchases!.textContent).toMatch(/alpha \(weeks\)\s*4\.414/);
  expect(purchases!.textContent).toContain('-9582.429');
  expect(spend!.textContent).toMatch(/p\s*6\.2/);
  expect(screen.getAllByRole('button', { name: 'Show as a table' })).toHaveLength(2);
  expect(document.body.textContent).not.toMatch(/NaN|Infinity/);
});

test('a fit is kept for everybody once, and can be removed', async () => {
  const world = await fitted();
  await fireEvent.click(button('Keep on the map'));
  flushSync();
  const [fit] = world.journey.fits;
  expect(fit).toMatchObject({
    model: 'bg-nbd+gamma-gamma',
    unit: 'week',
    until: '1997-09-30',
    customers: 2357
  });
  expect(fit?.file.sha256).toMatch(/^b842d891d839cf11/);
  expect(JSON.stringify(fit)).not.toContain('0001,');
  expect(button('Kept on the map').disabled).toBe(true);
  await fireEvent.click(button(/Remove/));
  expect(world.journey.fits).toEqual([]);
});

test('an offer shows before and after, and sets its number when it is taken', async () => {
  const world = await fitted();
  const offers = screen.getByRole('list', { name: /that the file could set/ });
  expect(offers.textContent).toMatch(/Active, order value:\s*€39\.00\s*→\s*€35\.17/);
  expect(world.journey.metrics.get(key.stage('Active', 'orderValue'))).toBe(39);
  await fireEvent.click(within(offers).getByRole('button', { name: 'Set to €35.17' }));
  expect(world.journey.metrics.get(key.stage('Active', 'orderValue'))).toBe(35.17);
});

test('too few customers: a sentence and no figure', async () => {
  show();
  await choose('id,date,amount\na,2024-01-01,1\na,2024-02-01,1');
  await fireEvent.click(await screen.findByText('Read and fit'));
  await screen.findByText('BG/NBD gives no figure.');
  expect(screen.getByRole('list', { name: 'Checks' }).textContent).toContain('a fit needs at least 30');
  expect(screen.queryByTestId('parameters')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Keep on the map' })).toBeNull();
});

test('refused rows are counted, and shown with their lines', async () => {
  show();
  await choose(`${CDNOW.trim()}\n0001,soon,1,5\n,1997-01-01,1,5\n`);
  await fireEvent.click(await screen.findByText('Read and fit'));
  const refused = await screen.findByText(/have a date that cannot be read/, {}, { timeout: 10_000 });
  expect(refused.textContent).toMatch(/1\s+refused/);
  expect(screen.getByText(/Line 6921:/).textContent).toContain('soon');
});

test('whoever cancels ends the work, and the figures from before stay', async () => {
  await fitted();
  state.hold = true;
  await fireEvent.change(screen.getByLabelText('Model'), { target: { selectedIndex: 2 } });
  expect(screen.getByText('Reading the rows…')).toBeTruthy();
  await fireEvent.click(button('Cancel'));
  expect(state.ended).toBe(1);
  expect(screen.queryByText('Reading the rows…')).toBeNull();
  expect(screen.getByTestId('holdout').textContent).toContain('1,653');
  expect(screen.getByLabelText<HTMLSelectElement>('Model').value).toBe('bg-nbd');
});

test('a file that is no text, and an empty one, are told apart', async () => {
  show();
  await choose('PK\u0000\u0000');
  expect((await screen.findByRole('alert')).textContent).toContain('no text file');
  await fireEvent.click(button('Close the file'));
  await choose('');
  expect((await screen.findByRole('alert')).textContent).toContain('nothing in this file');
});

test('a viewer sees what is kept and can change nothing', async () => {
  const world = show({ canEdit: false });
  expect(screen.getByText(/Nobody has kept a fit/)).toBeTruthy();
  world.document.decisions.addFit({
    name: 'Shop',
    model: 'bg-nbd',
    file: { name: 'shop.csv', sha256: '', rows: 10 },
    unit: 'week',
    until: '2024-01-01',
    customers: 100,
    repeatCustomers: 40,
    parameters: { r: 0.2, alpha: 4, a: 0.8, b: 2.4 },
    standardErrors: {},
    logLikelihood: -10
  });
  flushSync();
  await fireEvent.click(button(/Shop/));
  expect(screen.getByTestId('parameters').textContent).toMatch(/a\s*0\.800\s*not told/);
  expect(screen.queryByRole('button', { name: /Remove|Set to/ })).toBeNull();
});

test('P22: the same purchases as bought or not per week, once asked for', async () => {
  await fitted(CDNOW.split('\n').slice(0, 1_200).join('\n'));
  await fireEvent.click(button('Fit BG/BB'));
  const told = await screen.findByTestId('discrete', {}, { timeout: 10_000 });
  expect(told.textContent).toMatch(/they buy in\s+[\d,]+\s+weeks/);
  expect(document.body.textContent).not.toMatch(/NaN|Infinity/);
});

const open = async (title: string) => {
  const details = screen.getByText(title).closest('details')!;
  details.open = true;
  await fireEvent(details, new Event('toggle'));
};
const paste = (label: string, text: string) =>
  vi.waitFor(() => fireEvent.input(screen.getByLabelText(label), { target: { value: text } }));

test('P22: renewals from a pasted table: checks and sentences before figures', async () => {
  show();
  await open('From a retention table');
  await paste('Customers left after each renewal', '1 0.869 0.743');
  expect(screen.getByRole('alert').textContent).toContain('E_COUNT');
  await fireEvent.input(screen.getByLabelText('Customers in the first cohort'), {
    target: { value: '1000' }
  });
  await paste('Customers left after each renewal', '1 0.869 0.743 0.653 0.593 0.551 0.517 0.491');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByTestId('parameters').textContent).toMatch(/alpha\s*0\.668/);
  expect(screen.getByTestId('retention').textContent).toMatch(/85\.1%.*87\.8%/s);
  await paste('Customers left after each renewal', '1000 1000 1000');
  expect(screen.getByRole('alert').textContent).toMatch(/sBG gives no figure.*E_NO_DROPOUT/);
  expect(screen.queryByTestId('parameters')).toBeNull();
});

test('P22: channels from paths, with what is wrong told by its line', async () => {
  show();
  await open('From paths of contacts');
  await paste('Paths of contacts', 'path,conversions,losses\nC1 > C2 > C3,1,0\nC1,0,1\nC2 > C3,0,1');
  const shares = screen.getByRole('list', { name: 'Share of the conversions by channel' });
  expect(shares.textContent).toMatch(/C2\s*40%.*C3\s*40%.*C1\s*20%/s);
  await paste('Paths of contacts', 'path,conversions\nC1,many');
  expect(screen.getByRole('alert').textContent).toContain('Line 2');
  expect(screen.queryByTestId('attribution')).toBeNull();
});

test('P22: simple values with both timings beside each other', async () => {
  show();
  await open('From margin and retention');
  await vi.waitFor(() => screen.getByLabelText('Margin a customer and year'));
  for (const [label, text] of [
    ['Margin a customer and year', '100'],
    ['Share that stays a year', '80'],
    ['Discount rate a year', '12']
  ] as const)
    await fireEvent.input(screen.getByLabelText(label), { target: { value: text } });
  expect(screen.getByTestId('simple-values').textContent).toMatch(
    /end of the year\s*€250\.00.*now\s*€350\.00/s
  );
});

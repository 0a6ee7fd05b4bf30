import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { Person, expect, test, type Server } from './support.ts';

const CDNOW = fileURLToPath(new URL('../oracles/data/cdnow_sample_transactions.csv', import.meta.url));

async function ownerOfExample(server: Server, browser: Browser): Promise<Person> {
  const ann = await Person.enter(browser);
  await ann.goto(server.url);
  await ann.page.getByRole('button', { name: 'Open the example' }).click();
  await ann.onBoard();
  return ann;
}

async function guestOf(owner: Person, browser: Browser): Promise<Person> {
  const { page } = owner;
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Ann');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.locator('label', { hasText: 'Can view' }).click();
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const field = dialog.getByLabel('Address of the new link');
  await expect(field).toHaveValue(/\/s\//);
  const link = await field.inputValue();
  await page.keyboard.press('Escape');
  const ben = await Person.enter(browser);
  await ben.goto(link);
  await ben.page.getByLabel(/name/i).fill('Ben');
  await ben.page.getByRole('main').getByRole('button').click();
  await ben.onBoard();
  return ben;
}

const open = (person: Person) => person.page.getByRole('button', { name: 'From transactions' }).click();

async function readCdnow(person: Person): Promise<void> {
  const { page } = person;
  await open(person);
  await expect(page.getByText(/The rows stay on this device/)).toBeVisible();
  await page.getByLabel('Choose a file', { exact: true }).setInputFiles(CDNOW);
  await expect(page.getByLabel('Customer', { exact: true })).toHaveValue('0');
  await expect(page.getByLabel('Amount', { exact: true })).toHaveValue('3');
  await page.getByLabel('Fit up to and with').fill('1997-09-30');
  await page.getByRole('button', { name: 'Read and fit' }).click();
}

test('the CDNOW file gives its published figures, and no row leaves the browser', async ({
  server,
  browser
}) => {
  const ann = await ownerOfExample(server, browser);
  const { page } = ann;
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => sent.push(Buffer.from(payload).toString('latin1')))
  );
  await readCdnow(ann);
  const parameters = page.getByTestId('parameters');
  await expect(parameters.first()).toContainText('0.243');
  await expect(parameters.first()).toContainText('4.414');
  await expect(parameters.first()).toContainText('0.793');
  await expect(parameters.first()).toContainText('2.426');
  await expect(parameters.first()).toContainText('-9582.429');
  await expect(page.getByTestId('holdout')).toContainText('1,653');
  await expect(page.getByTestId('holdout')).toContainText('1,882');
  await page.getByRole('button', { name: 'Keep on the map' }).click();
  await expect(page.getByRole('button', { name: 'Kept on the map' })).toBeVisible();
  await expect(page.getByTestId('save-state')).toHaveText(/Saved/);
  const rows = readFileSync(CDNOW, 'utf8').trim().split('\n').slice(1);
  expect(sent.filter((text) => rows.some((row) => text.includes(row)))).toEqual([]);
  expect(ann.errors).toEqual([]);
});

test('a fit that one keeps is there for the other, beside the map and without a way to change it for a viewer', async ({
  server,
  browser
}) => {
  const ann = await ownerOfExample(server, browser);
  const ben = await guestOf(ann, browser);
  await readCdnow(ann);
  await ann.page.getByRole('button', { name: 'Keep on the map' }).click();
  await open(ben);
  const fits = ben.page.getByRole('list', { name: 'Fits kept on the map' });
  await expect(fits).toContainText('cdnow_sample_transactions.csv');
  await expect(fits).toContainText('2,357 customers');
  await fits.getByRole('button', { name: /BG\/NBD/ }).click();
  await expect(ben.page.getByTestId('parameters')).toContainText('0.243');
  const value = await ann.page.getByTestId('cohort-clv').first().textContent();
  await expect(ben.page.getByTestId('cohort-clv')).toHaveText(value ?? '');
  await expect(ben.page.getByRole('button', { name: /Set to/ })).toHaveCount(0);

  // An offer that Ann takes changes the map for both, and is one step that she can take back.
  const clv = (person: Person) =>
    person.page.getByTestId('clv-head').getByRole('button', { name: /Customer lifetime value/ });
  const before = (await clv(ben).textContent()) ?? '';
  await ann.page.getByRole('button', { name: 'Set to €35.17' }).click();
  await expect(clv(ben)).not.toHaveText(before);
  await ann.page.getByTestId('board').focus();
  await ann.page.keyboard.press('Control+z');
  await expect(clv(ben)).toHaveText(before);
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

test('a long import shows progress, leaves the page free, and can be cancelled', async ({
  server,
  browser
}) => {
  const ann = await ownerOfExample(server, browser);
  const { page } = ann;
  await open(ann);
  const rows = ['customer,date,amount'];
  for (let row = 0; row < 600_000; row++)
    rows.push(
      `c${row % 150_000},${new Date(17e11 + ((row * 7919) % 700) * 864e5).toISOString().slice(0, 10)},${row % 90}`
    );
  await page
    .getByLabel('Choose a file', { exact: true })
    .setInputFiles({ name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  await page.evaluate(() => {
    const seen = { longest: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask' });
  });
  await page.getByRole('button', { name: 'Read and fit' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Read and fit' })).toBeEnabled();
  await page.getByRole('button', { name: 'Read and fit' }).click();
  await expect(page.getByText('What the model says')).toBeVisible({ timeout: 50_000 });
  const longest = await page.evaluate(
    () => (globalThis as unknown as { seen: { longest: number } }).seen.longest
  );
  console.log(`longest task of the page during 600,000 rows: ${longest.toFixed(0)} ms`);
  expect(ann.errors).toEqual([]);
});

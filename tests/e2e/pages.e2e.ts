import { Person, expect, test } from './support.ts';

test('the first minute: one press starts a map of eight stages and seven lanes, the last stage a band', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await ann.goto(server.url);
  await ann.page.getByRole('button', { name: 'Start a map' }).click();
  await ann.onBoard();
  const outline = ann.page.getByTestId('outline');
  await expect(outline.locator('[data-stage]')).toHaveCount(8);
  await expect(outline.locator('[data-stage]').last()).toContainText('under the whole lifecycle');
  await expect(outline.locator('[data-lane]')).toHaveText([
    'Customer actions',
    'Thoughts',
    'Feelings',
    'Business actions',
    'Touchpoints',
    'Metrics',
    'Opportunities'
  ]);
  expect(ann.errors).toEqual([]);
});

test('without JavaScript the first press still makes a map', async ({ server, browser }) => {
  const ann = await Person.enter(browser, { javaScriptEnabled: false });
  await ann.page.goto(server.url);
  await ann.page.getByRole('button', { name: 'Start a map' }).click();
  await ann.page.waitForURL(/\/maps\/[0-9a-f-]{36}$/);
});

test('each of the six presets can be chosen', async ({ server, browser }) => {
  const ann = await Person.enter(browser);
  const stages = { 's3-eight': 8, 's2-six': 6, 's1-five': 5, 's0-five': 5, 's0-four': 4, blank: 0 };
  for (const [preset, count] of Object.entries(stages)) {
    await ann.goto(server.url);
    await ann.page.getByText('Choose another start').click();
    await ann.page.locator(`button[value="${preset}"]`).click();
    await ann.onBoard();
    await expect(ann.page.getByTestId('outline').locator('[data-stage]')).toHaveCount(count);
  }
});

test('My maps: create, rename, duplicate, move to the trash, restore', async ({ server, browser }) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  await ann.goto(server.url);
  await page.getByRole('button', { name: 'Start a map' }).click();
  await ann.onBoard();
  await ann.goto(`${server.url}/maps`);
  const rows = page.locator('main li');
  await expect(rows).toHaveCount(1);

  await rows.first().getByRole('link', { name: 'Rename' }).click();
  await page.getByLabel('Title of the map').fill('Checkout 2027');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('link', { name: 'Checkout 2027', exact: true })).toBeVisible();

  await rows.first().getByRole('button', { name: 'Duplicate' }).click();
  await expect(page.getByRole('link', { name: 'Checkout 2027 (copy)' })).toBeVisible();
  await expect(rows).toHaveCount(2);

  await rows.filter({ hasText: '(copy)' }).getByRole('button', { name: 'Move to trash' }).click();
  await expect(rows).toHaveCount(1);
  await ann.goto(`${server.url}/maps?trash`);
  await ann.page
    .getByRole('link', { name: 'Trash' })
    .or(page.getByRole('tab', { name: 'Trash' }))
    .first()
    .click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('button', { name: 'Restore' })).toHaveCount(0);
  await ann.goto(`${server.url}/maps`);
  await expect(rows).toHaveCount(2);

  // The title that was given in the list is the title on the board.
  await page.getByRole('link', { name: 'Checkout 2027', exact: true }).click();
  await ann.onBoard();
  await expect(page.getByTestId('map-title')).toHaveValue('Checkout 2027');
  expect(ann.errors).toEqual([]);
});

test('an unknown map, somebody else’s map and a dead link are pages that help', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await ann.goto(server.url);
  await ann.page.getByRole('button', { name: 'Start a map' }).click();
  await ann.onBoard();
  const own = ann.page.url();
  const ben = await Person.enter(browser);
  for (const address of [
    `${server.url}/maps/00000000-0000-4000-8000-000000000000`,
    own,
    `${server.url}/s/nonsense`
  ]) {
    const response = await ben.page.goto(address);
    expect(response?.status(), address).toBe(404);
    await expect(ben.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(
      ben.page.getByRole('main').getByRole('link').or(ben.page.getByRole('main').getByRole('button')).first()
    ).toBeVisible();
  }
});

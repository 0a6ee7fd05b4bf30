import { Person, expect, test } from './support.ts';

async function example(person: Person, url: string): Promise<void> {
  await person.goto(url);
  await person.page.getByRole('button', { name: 'Open the example' }).click();
  await person.onBoard();
}

const figure = (person: Person, label: string) =>
  person.page.getByRole('tabpanel').getByRole('button', { name: label });
const metric = (person: Person, key: string) => person.page.locator(`[data-metric="${key}"]`);

test('the example shows the figures of J1', async ({ server, browser }) => {
  const ann = await Person.enter(browser);
  await example(ann, server.url);
  await expect(figure(ann, 'Customer lifetime value')).toContainText('524.46');
  await expect(figure(ann, 'Cost of acquisition')).toContainText('82.57');
  await expect(figure(ann, 'CLV:CAC')).toContainText('6.35');
  await expect(figure(ann, 'Value per prospect (NPV)')).toContainText('10.18');
  await expect(figure(ann, 'Payback').first()).toContainText('2 months');
  expect(ann.errors).toEqual([]);
});

test('a figure opens its pedigree: the formula, and the cells that it came from, each a way to its field', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await example(ann, server.url);
  await figure(ann, 'Cost of acquisition').click();
  const inputs = ann.page.getByRole('tabpanel').getByRole('button', { name: /Ads in Visit/ });
  await expect(inputs.first()).toBeVisible();
  await inputs.first().click();
  await expect(metric(ann, 'cells/ads/visit/cost')).toBeFocused();
});

test('an impossible share gives no number but a sentence, and a click leads to the field; mending it brings the number back', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await example(ann, server.url);
  await ann.page.getByRole('button', { name: /Active, share that stays/ }).click();
  const share = metric(ann, 'transitions/active/active/probability');
  await expect(share).toBeFocused();
  await share.fill('120');
  await ann.page.getByRole('tab', { name: 'CLV' }).click();
  await expect(figure(ann, 'Customer lifetime value')).toHaveCount(0);
  const notice = ann.page
    .getByRole('tabpanel')
    .getByRole('button', { name: /Active/ })
    .first();
  await notice.click();
  await expect(share).toBeFocused();
  await share.fill('93');
  await ann.page.getByRole('tab', { name: 'CLV' }).click();
  await expect(figure(ann, 'Customer lifetime value')).toContainText('524.46');
});

test('from an empty map to its first number by the panel’s own list', async ({ server, browser }) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  await ann.goto(server.url);
  await page.getByText('Choose another start').click();
  await page.locator('button[value="s0-four"]').click();
  await ann.onBoard();
  await expect(page.getByText('To see what a customer is worth, fill in:')).toBeVisible();
  const answers: Record<string, string> = {
    grossMargin: '50',
    ordersPerVisit: '1',
    orderValue: '80',
    probability: '40'
  };
  // The list says what to do next; each entry leads to its field. It must end.
  for (let step = 0; step < 12 && (await figure(ann, 'Customer lifetime value').count()) === 0; step += 1) {
    await page.getByRole('tabpanel').getByRole('listitem').getByRole('button').first().click();
    const field = page.locator('input[data-metric]:focus');
    await field.waitFor();
    const key = (await field.getAttribute('data-metric')) ?? '';
    await field.fill(answers[key.split('/').at(-1) ?? ''] ?? '1');
    await page.getByRole('tab', { name: 'CLV' }).click();
  }
  await expect(figure(ann, 'Customer lifetime value')).toContainText(/[€$][1-9]/);
});

test('a scenario overrides a number, shows the difference, and is there for the other person too', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await example(ann, server.url);
  await ann.page.getByRole('button', { name: 'Copy baseline' }).click();
  await ann.page.keyboard.press('Escape');
  await ann.page.getByRole('button', { name: /Active, share that stays/ }).click();
  const share = metric(ann, 'transitions/active/active/probability');
  await share.fill('95');
  await expect(ann.page.getByText(/You are editing the scenario/)).toBeVisible();
  await ann.page.getByRole('tab', { name: 'CLV' }).click();
  await expect(figure(ann, 'Customer lifetime value')).toContainText('789.99');
  await expect(figure(ann, 'Customer lifetime value')).toContainText('265.53');
  await expect(ann.page.getByTestId('save-state')).toHaveText(/^Saved/);

  // The same person in another browser stands for the other one: the scenario is part of the map.
  const { cookies } = await ann.context.storageState();
  const ben = await Person.enter(browser, { storageState: { cookies, origins: [] } });
  await ben.page.goto(ann.page.url());
  await ben.onBoard();
  await expect(figure(ben, 'Customer lifetime value')).toContainText('524.46');
  await expect(ben.page.getByRole('tabpanel').getByText('€789.99')).toBeVisible();
});

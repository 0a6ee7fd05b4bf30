import { annAndBen, type Person, cardWith, expect, middleOf, test } from './support.ts';

const words = (person: Person, text: string | RegExp) =>
  person.page.getByTestId('outline').locator('[data-card]', { hasText: text });

test('two people type in one card at once, and both see all of it', async ({ server, browser }) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  const text = 'I sign up with my work address.';
  for (const person of [ann, ben]) {
    const { x, y } = await middleOf(person, await cardWith(person, text));
    await person.page.mouse.dblclick(x, y);
    await expect(person.page.locator('textarea:focus')).toHaveValue(text);
  }
  await ann.page.keyboard.press('Control+End');
  await ben.page.keyboard.press('Control+Home');
  await Promise.all([
    ann.page.keyboard.type(' Then I wait.', { delay: 15 }),
    ben.page.keyboard.type('First: ', { delay: 25 })
  ]);
  const whole = `First: ${text} Then I wait.`;
  for (const person of [ann, ben]) {
    await expect(person.page.locator('textarea:focus')).toHaveValue(whole);
    await person.page.keyboard.press('Escape');
    await expect(words(person, whole)).toHaveCount(1);
  }
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

test('a card that one drags to another cell is there for both, and undo takes back own steps only', async ({
  server,
  browser
}) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  const card = await cardWith(ann, 'I search for a better way');
  const from = await middleOf(ann, card);
  const to = await middleOf(ann, '[data-cell="actions/signup"]');
  await ann.page.mouse.move(from.x, from.y);
  await ann.page.mouse.down();
  await ann.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await ann.page.mouse.move(to.x, to.y, { steps: 4 });
  await ann.page.mouse.up();
  const moved = (person: Person) =>
    person.page.getByTestId('outline').locator(`[data-cell="actions/signup"] ${card}`);
  await expect(moved(ann)).toHaveCount(1);
  await expect(moved(ben)).toHaveCount(1);

  // Ben has done nothing yet: there is nothing that he could take back.
  await ben.page.getByTestId('board').focus();
  await ben.page.keyboard.press('Control+z');
  await expect(moved(ben)).toHaveCount(1);
  await ann.page.keyboard.press('Control+z');
  await expect(moved(ann)).toHaveCount(0);
  await expect(moved(ben)).toHaveCount(0);
  await ann.page.keyboard.press('Control+Shift+z');
  await expect(moved(ben)).toHaveCount(1);
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

test('people see each other: who is here, and whose cursor that is', async ({ server, browser }) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  await expect(ann.page.getByTestId('people').getByRole('listitem')).toHaveCount(2);
  const before = await ann.page.getByTestId('board').screenshot();
  const { x, y } = await middleOf(ben, '[data-cell="thoughts/trial"]');
  await ben.page.mouse.move(x - 40, y, { steps: 5 });
  await ben.page.mouse.move(x, y, { steps: 5 });
  await expect
    .poll(async () => (await ann.page.getByTestId('board').screenshot()).equals(before))
    .toBe(false);
});

test('a conversion rate that one changes gives both the same new CLV, while it is typed', async ({
  server,
  browser
}) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  const clv = (person: Person) =>
    person.page.getByTestId('clv-head').getByRole('button', { name: /Customer lifetime value/ });
  for (const person of [ann, ben]) await expect(clv(person)).toContainText('524');
  // A driver's bar leads to the field that it is about.
  await ann.page.getByRole('button', { name: /Active, share that stays/ }).click();
  const field = ann.page.locator('[data-metric="transitions/active/active/probability"]');
  await expect(field).toBeFocused();
  await field.fill('95');
  await ann.page.getByRole('tab', { name: 'CLV' }).click();
  for (const person of [ann, ben]) await expect(clv(person)).toContainText('789.99');
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

test('who came by a view link sees everything and changes nothing', async ({ server, browser }) => {
  const { ann, ben } = await annAndBen(server, browser, 'view');
  await expect(ben.page.getByTestId('save-state')).toHaveText(/View only/);
  const card = await cardWith(ben, 'I search for a better way');
  const { x, y } = await middleOf(ben, card);
  await ben.page.mouse.dblclick(x, y);
  await expect(ben.page.locator('textarea:focus')).toHaveCount(0);
  await ben.page.mouse.click(x, y);
  await ben.page.keyboard.press('Delete');
  await ann.page.getByTestId('map-title').fill('Still here');
  await ann.page.getByTestId('map-title').press('Enter');
  await expect(ben.page.getByTestId('map-title')).toHaveValue('Still here');
  await expect(words(ann, 'I search for a better way')).toHaveCount(1);
  expect(ben.errors).toEqual([]);
});

test('a version is named, told apart in words, looked at, and gone back to; the other person follows', async ({
  server,
  browser
}) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  const { page } = ann;
  const text = 'I sign up with my work address.';
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByLabel('Name this version').fill('Before the workshop');
  await page.getByRole('button', { name: 'Keep this version' }).click();
  const version = page.getByRole('listitem').filter({ hasText: 'Before the workshop' });
  await expect(version).toContainText('CLV');

  const { x, y } = await middleOf(ann, await cardWith(ann, text));
  await page.mouse.dblclick(x, y);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Worse.');
  await page.keyboard.press('Escape');
  await expect(words(ben, 'Worse.')).toHaveCount(1);

  await version.getByRole('button', { name: 'Compare with now' }).click();
  await expect(version).toContainText(`said “${text}” before`);

  await version.getByRole('button', { name: 'Look at it' }).click();
  const banner = page.getByRole('status').filter({ hasText: 'You are looking at Before the workshop' });
  await expect(banner).toBeVisible();
  await expect(words(ann, text)).toHaveCount(1);
  await expect(words(ann, 'Worse.')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(banner).toHaveCount(0);
  await expect(words(ann, 'Worse.')).toHaveCount(1);

  await version.getByRole('button', { name: 'Go back to it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go back to it' }).click();
  await expect(words(ben, 'Worse.')).toHaveCount(0);
  await expect(words(ben, text)).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(words(ben, 'Worse.')).toHaveCount(1);

  await page.getByRole('button', { name: 'Replay' }).click();
  const slider = page.getByRole('slider', { name: /^Version/ });
  await expect(page.getByRole('status').filter({ hasText: 'You are looking at' })).toBeVisible();
  await expect(words(ann, 'Worse.')).toHaveCount(0);
  await expect(slider).toBeFocused();
  // The newest was kept after going back, the one before it ahead of that.
  await page.keyboard.press('ArrowLeft');
  await expect(words(ann, 'Worse.')).toHaveCount(1);
  await page.keyboard.press('Home');
  await expect(words(ann, 'Worse.')).toHaveCount(0);
  await page.getByRole('tab', { name: 'CLV' }).click();
  await expect(page.getByRole('tab', { name: 'CLV' })).toHaveAttribute('aria-selected', 'true');
  await expect(words(ann, 'Worse.')).toHaveCount(1);
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

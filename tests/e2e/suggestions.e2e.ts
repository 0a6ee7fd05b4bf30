import AxeBuilder from '@axe-core/playwright';
import { Person, cardWith, expect, middleOf, test } from './support.ts';

const clvOf = (person: Person) =>
  person.page.getByTestId('clv-head').getByRole('button', { name: /Customer lifetime value/ });

test('somebody who may only comment suggests a number and a text; accepted, the CLV moves as promised on both screens', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await ann.goto(server.url);
  await ann.page.getByRole('button', { name: 'Open the example' }).click();
  await ann.onBoard();
  await ann.page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Ann');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.locator('label', { hasText: 'Can comment' }).click();
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const address = dialog.getByLabel('Address of the new link');
  await expect(address).toHaveValue(/\/s\//);
  const link = await address.inputValue();
  await ann.page.keyboard.press('Escape');
  const ben = await Person.enter(browser);
  await ben.goto(link);
  await ben.page.getByLabel('Your name').fill('Ben');
  await ben.page.getByRole('button', { name: 'Open the map' }).click();
  await ben.onBoard();

  // Ben edits a copy: the map stays as it is.
  await ben.page.getByRole('tab', { name: 'Comments' }).click();
  await ben.page.getByRole('button', { name: 'Suggest changes' }).click();
  const bar = ben.page.getByRole('region', { name: 'Suggesting' });
  await expect(bar).toContainText('the map itself stays as it is');
  const card = await middleOf(ben, await cardWith(ben, 'I sign up with my work address.'));
  await ben.page.mouse.dblclick(card.x, card.y);
  await ben.page.keyboard.press('Control+a');
  await ben.page.keyboard.type('I sign up with one press.');
  await ben.page.keyboard.press('Escape');
  await ben.page.getByRole('tab', { name: 'CLV' }).click();
  await ben.page.getByRole('button', { name: /Active, share that stays/ }).click();
  const share = ben.page.locator('[data-metric="transitions/active/active/probability"]');
  await expect(share).toBeFocused();
  await share.fill('95');
  const promise = bar.getByTestId('clv-if-accepted');
  await expect(promise).toContainText('€524.46 → €789.99');
  await bar.getByLabel('Why, if you like').fill('Measured in May');
  await bar.getByRole('button', { name: 'Send 2 suggestions' }).click();
  await expect(bar).toHaveCount(0);
  await expect(clvOf(ann)).toContainText('524.46');

  // Ann sees them over the map and beside it, without doing anything.
  await expect(ann.page.locator('[data-suggested]')).toHaveCount(2);
  await ann.page
    .getByRole('button', { name: /^Ben suggests another number: .* → 95%$/ })
    .and(ann.page.locator('[data-suggested]'))
    .click();
  const listed = ann.page.locator('article.suggestion');
  await expect(listed).toHaveCount(2);
  const number = listed.filter({ hasText: '95%' });
  await expect(number).toContainText('Measured in May');
  await expect(number.getByTestId('clv-if-accepted')).toContainText('€524.46 → €789.99');
  expect((await new AxeBuilder({ page: ann.page }).include('.suggestions').analyze()).violations).toEqual([]);
  await number.getByLabel('Reason, if you like').fill('Agreed');
  await number.getByRole('button', { name: 'Accept' }).click();
  await expect(listed).toHaveCount(1);
  for (const person of [ann, ben]) {
    await person.page.getByRole('tab', { name: 'CLV' }).click();
    await expect(clvOf(person)).toContainText('789.99');
    await expect(person.page.locator('[data-suggested]')).toHaveCount(1);
  }
  // It was an edit of Ann's own: undo takes it back for both.
  await ann.page.getByTestId('board').press('Control+z');
  for (const person of [ann, ben]) await expect(clvOf(person)).toContainText('524.46');
  // Ben learns what became of it.
  await ben.page.goto(`${server.url}/inbox`);
  await expect(ben.page.getByRole('link', { name: /Ann answered your suggestion/ })).toContainText(
    'Accepted: Agreed'
  );
  expect(ann.errors).toEqual([]);
  expect(ben.errors).toEqual([]);
});

import AxeBuilder from '@axe-core/playwright';
import { Person, expect, middleOf, cardWith, test } from './support.ts';

test('a manager comes by a link on a phone, decides on an opportunity and names somebody, who sees it live and in the inbox', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await ann.goto(server.url);
  await ann.page.getByRole('button', { name: 'Open the example' }).click();
  await ann.onBoard();
  await ann.page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Ann Lee');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.locator('label', { hasText: 'Can comment' }).click();
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const address = dialog.getByLabel('Address of the new link');
  await expect(address).toHaveValue(/\/s\//);
  const link = await address.inputValue();
  await ann.page.keyboard.press('Escape');
  await ann.page.getByRole('tab', { name: 'Comments' }).click();
  await expect(ann.page.getByText('Nobody has said anything yet')).toBeVisible();

  const max = await Person.enter(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await max.goto(link);
  await expect(max.page.getByText('say what you think of it')).toBeVisible();
  await max.page.getByLabel('Your name').fill('Max');
  await max.page.getByRole('button', { name: 'Open the map' }).click();
  await max.onBoard();
  await max.page.getByRole('button', { name: 'Show the panel' }).click();
  await max.page.getByRole('tab', { name: 'Opportunities' }).click();
  await max.page
    .getByRole('button', { name: /^Open / })
    .first()
    .click();
  const reason = max.page.getByLabel('Say yes, no or why');
  await reason.fill('It pays within a year, ');
  await reason.pressSequentially('@Ann');
  await max.page.getByRole('option', { name: 'Ann Lee' }).click();
  await expect(reason).toHaveValue('It pays within a year, @Ann Lee ');
  await max.page.getByRole('button', { name: 'Approve' }).click();
  await expect(max.page.getByText('✓ Approved by Max')).toBeVisible();
  // Who comments cannot write on the map.
  await expect(max.page.getByLabel('Name of the opportunity')).toHaveCount(0);

  // Ann sees it without doing anything, answers, and Max sees that.
  const thread = ann.page.locator('[data-thread]');
  await expect(thread).toHaveCount(1);
  await expect(thread.locator('mark')).toHaveText('@Ann Lee');
  await expect(thread).toContainText('✓ Approved');
  await expect(thread.getByText('New', { exact: true })).toBeVisible();
  const inbox = await ann.context.newPage();
  await inbox.goto(`${server.url}/inbox`);
  await expect(inbox.getByText('1 not read yet.')).toBeVisible();
  expect((await new AxeBuilder({ page: inbox }).analyze()).violations).toEqual([]);
  await inbox.getByRole('link', { name: /Max named you/ }).click();
  await expect(inbox.locator('[data-thread]')).toContainText('It pays within a year');
  // The answer's field has the focus: the link led to the very thread, and reading it there reads it in the inbox.
  await expect(inbox.locator('[data-thread] :focus')).toHaveCount(1);
  await expect(inbox.locator('[data-thread]').getByText('New', { exact: true })).toHaveCount(0);
  await inbox.goto(`${server.url}/inbox`);
  await expect(inbox.getByText('Everything is read.')).toBeVisible();
  await inbox.close();
  await thread.getByLabel('Answer').fill('<img src=x onerror=alert(1)> agreed');
  await ann.page.keyboard.press('Control+Enter');
  const beside = max.page.getByRole('tabpanel', { name: 'Opportunities' });
  await expect(beside.getByText('<img src=x onerror=alert(1)> agreed')).toBeVisible();

  // On a card: what hung on it falls back to the map when the card goes.
  const { x, y } = await middleOf(ann, await cardWith(ann, 'I sign up with my work address.'));
  await ann.page.mouse.click(x, y);
  await ann.page.keyboard.press('c');
  const field = ann.page.getByLabel(/^Comment on I sign up/);
  await expect(field).toBeFocused();
  await ann.page.keyboard.type('Is this true?');
  await ann.page.keyboard.press('Control+Enter');
  await expect(thread).toHaveCount(2);
  expect((await new AxeBuilder({ page: ann.page }).include('.comments').analyze()).violations).toEqual([]);
  // Its pin stands at the card, for Max too, in whose eyes it is new; pressing it opens the thread.
  const pin = max.page.locator('[data-mark^="card/"]');
  await expect(pin).toHaveAccessibleName(/^1 comment on I sign up.*, begun by Ann Lee, new$/);
  await expect(ann.page.locator('[data-mark^="card/"]')).toBeVisible();
  await max.page.getByRole('button', { name: 'Hide the panel' }).click();
  await pin.click();
  await expect(max.page.locator('[data-thread] :focus')).toHaveCount(1);
  await expect(pin).not.toHaveAccessibleName(/new$/);

  await ann.page.mouse.click(x, y);
  await ann.page.keyboard.press('Delete');
  await expect(thread.first()).toContainText('(gone from the map)');
  const onMap = max.page.locator('[data-mark="map"]');
  await expect(pin).toHaveCount(0);
  await expect(onMap).toHaveAccessibleName(/^1 comment on the whole map/);
  await ann.page.getByTestId('board').press('Control+z');
  await expect(pin).toBeVisible();
  await expect(onMap).toHaveCount(0);
  await ann.page.getByTestId('board').press('Control+Shift+z');
  await expect(onMap).toBeVisible();

  // With the tool a press says what is meant: outside the grid a point.
  await ann.page.getByRole('button', { name: /^Comment tool/ }).click();
  const board = await ann.page.getByTestId('board').boundingBox();
  if (board === null) throw new Error('no board');
  await ann.page.mouse.click(board.x + board.width - 60, board.y + board.height - 120);
  await ann.page.getByLabel('Comment on A place on the board').fill('Here?');
  await ann.page.keyboard.press('Control+Enter');
  await expect(max.page.locator('[data-mark^="point/"]')).toBeVisible();
  await ann.page.keyboard.press('Escape');
  await thread.filter({ hasText: 'Here?' }).getByRole('button', { name: 'Resolve' }).click();
  await expect(max.page.locator('[data-mark^="point/"]')).toHaveCount(0);
  await thread.filter({ hasText: 'Is this true?' }).getByRole('button', { name: 'Resolve' }).click();
  await expect(thread).toHaveCount(1);
  await ann.page.getByText('Resolved', { exact: true }).click();
  await expect(thread.filter({ hasText: 'Is this true?' })).toHaveCount(1);
  expect(ann.errors).toEqual([]);
  expect(max.errors).toEqual([]);
});

import { Person, cardWith, expect, middleOf, test } from './support.ts';

const cells = ({ page }: Person) => page.getByTestId('outline').locator('[data-cell]');
const names = (person: Person, what: 'stage' | 'lane') =>
  person.page.getByTestId('outline').locator(`[data-${what}]`);

async function press({ page }: Person, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function write(person: Person, text: string, end = 'Enter'): Promise<void> {
  await person.page.keyboard.type(text);
  await person.page.keyboard.press(end);
}

test('a map of three stages and four lanes is built, filled and copied to another without a pointer', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  await ann.goto(`${server.url}/maps`);
  await page.getByRole('button', { name: 'New map' }).focus();
  await press(ann, 'Enter');
  await page.getByRole('dialog').locator('button[value="blank"]').focus();
  await press(ann, 'Enter');
  await ann.onBoard();
  await expect(page.getByText('Start with either')).toBeVisible();

  // The first of each from the palette, the others by their keys.
  await press(ann, 'F6', 'F6', 'Control+k');
  await page.getByRole('combobox', { name: 'Command' }).waitFor();
  await page.keyboard.type('add a stage');
  await press(ann, 'Enter');
  await expect(names(ann, 'stage')).toHaveCount(1);
  await write(ann, 'Visit');
  for (const name of ['Trial', 'Active']) {
    await press(ann, 'Control+Alt+ArrowRight');
    await write(ann, name);
  }
  for (const name of ['Actions', 'Thoughts', 'Channels', 'Ideas']) {
    await press(ann, 'Control+Alt+ArrowDown');
    await write(ann, name);
  }
  await expect(names(ann, 'stage')).toHaveText([/Visit/, /Trial/, /Active/]);
  await expect(names(ann, 'lane')).toHaveText([/Actions/, /Thoughts/, /Channels/, /Ideas/]);

  // The last lane is chosen: to its first cell, to the first of all, and along the lane by Tab.
  await press(ann, 'ArrowRight', 'Control+Home');
  await write(ann, 'I search', 'Tab');
  await write(ann, 'I sign up', 'Tab');
  await write(ann, 'I stay', 'Escape');
  await expect(cells(ann).nth(0)).toContainText('I search');
  await expect(cells(ann).nth(1)).toContainText('I sign up');
  await press(ann, 'Alt+ArrowDown');
  await expect(cells(ann).nth(5)).toContainText('I stay');
  await press(ann, 'Control+z');
  await expect(cells(ann).nth(2)).toContainText('I stay');

  // A range by Shift and arrows, copied to the lane of channels.
  await press(ann, 'Escape', 'Escape', 'ArrowDown', 'Control+Home');
  await press(
    ann,
    'Shift+ArrowRight',
    'Shift+ArrowRight',
    'Control+c',
    'ArrowDown',
    'ArrowDown',
    'Control+v'
  );
  await expect(cells(ann).nth(6)).toContainText('I search');
  await expect(cells(ann).nth(8)).toContainText('I stay');
  await press(ann, 'Alt+r');
  await expect(page.getByTestId('spoken')).toContainText('3 cards are selected');

  // Cut here, pasted on another map, whose first cell has the focus.
  await press(ann, 'Control+x');
  await expect(cells(ann).nth(6)).not.toContainText('I search');
  await ann.goto(server.url);
  await page.getByRole('button', { name: 'Start a map' }).focus();
  await press(ann, 'Enter');
  await ann.onBoard();
  await page.getByTestId('board').focus();
  await press(ann, 'ArrowRight', 'Control+v');
  await expect(cells(ann).nth(0)).toContainText('I search');
  await expect(cells(ann).nth(2)).toContainText('I stay');

  // Found again by its words, from anywhere.
  await press(ann, 'Control+f');
  await expect(page.getByLabel('Words to find')).toBeFocused();
  await page.keyboard.type('sign up');
  await press(ann, 'Enter');
  await expect(page.getByTestId('find-count')).toHaveText('1 of 1');
  await press(ann, 'Escape');
  await expect(page.getByTestId('board')).toBeFocused();
  expect(ann.errors).toEqual([]);
});

test('fingers: one moves a card, two pinch, two tap to undo, a long press opens the menu', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser, { hasTouch: true, viewport: { width: 1024, height: 768 } });
  const { page } = ann;
  await ann.goto(server.url);
  await page.getByRole('button', { name: 'Open the example' }).click();
  await ann.onBoard();
  const glass = await ann.context.newCDPSession(page);
  type Point = { x: number; y: number };
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: Point[]) =>
    glass.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id }))
    });

  const card = await cardWith(ann, 'Sign-up form');
  const [from, to] = [await middleOf(ann, card), await middleOf(ann, '[data-cell="web/visit"]')];
  const home = await page.getByTestId('outline').locator(`td:has(${card})`).getAttribute('data-cell');
  await touch('touchStart', from);
  await touch('touchMove', { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
  await touch('touchMove', to);
  await touch('touchEnd');
  const at = () => page.getByTestId('outline').locator(`td:has(${card})`).getAttribute('data-cell');
  await expect.poll(at).not.toBe(home);

  const [a, b] = [
    { x: 420, y: 400 },
    { x: 560, y: 400 }
  ];
  await touch('touchStart', a, b);
  await touch('touchEnd');
  await expect.poll(at).toBe(home);

  const held = await middleOf(ann, card);
  await touch('touchStart', held);
  await page.getByRole('menuitem', { name: 'Edit text' }).waitFor();
  await touch('touchEnd');
  await expect(page.getByRole('menu')).toBeVisible();
  await press(ann, 'Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });

  const camera = () => page.getByTestId('board').getAttribute('data-camera');
  const before = Number((await camera())?.split(',')[2]);
  await touch('touchStart', a, b);
  for (const step of [1, 2, 3, 4])
    await touch('touchMove', { x: a.x - 20 * step, y: a.y }, { x: b.x + 20 * step, y: b.y });
  await touch('touchEnd');
  await expect.poll(async () => Number((await camera())?.split(',')[2])).toBeGreaterThan(before * 1.3);
  expect(ann.errors).toEqual([]);
});

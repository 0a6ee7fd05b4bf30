import { Person, expect, middleOf, placeOf, test } from './support.ts';

async function start(person: Person, url: string): Promise<void> {
  await person.goto(url);
  await person.page.getByRole('button', { name: 'Start a map' }).click();
  await person.onBoard();
}

const stages = (person: Person) => person.page.getByTestId('outline').locator('[data-stage]');
const lanes = (person: Person) => person.page.getByTestId('outline').locator('[data-lane]');
const cell = (person: Person, id: string) =>
  person.page.getByTestId('outline').locator(`[data-cell="${id}"]`);

/** The middle of a stage's head: the heads stand right above the first lane's cells. */
async function headOf(person: Person, stage: string): Promise<{ x: number; y: number; right: number }> {
  const { x, y, width } = await placeOf(person, `[data-cell="actions/${stage}"]`);
  return { x: x + width / 2, y: y - 30, right: x + width };
}

const drag = async ({ page }: Person, from: { x: number; y: number }, to: { x: number; y: number }) => {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
};

test('stages: add, rename in place, reorder, resize, remove with an offer to undo', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  await start(ann, server.url);
  const names = async () =>
    (await stages(ann).allTextContents()).map((text) => text.trim().split(/\s{2,}|\n/)[0]);

  await page.mouse.dblclick((await headOf(ann, 'awareness')).x, (await headOf(ann, 'awareness')).y);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Discover');
  await page.keyboard.press('Enter');
  await expect(stages(ann).first()).toContainText('Discover');

  // A name that was typed stays when one clicks elsewhere.
  await page.mouse.dblclick((await headOf(ann, 'engagement')).x, (await headOf(ann, 'engagement')).y);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Look around');
  const elsewhere = await middleOf(ann, '[data-cell="opportunities/ascension"]');
  await page.mouse.click(elsewhere.x, elsewhere.y);
  await expect(stages(ann).nth(1)).toContainText('Look around');

  const before = (await placeOf(ann, '[data-cell="actions/awareness"]')).width;
  const edge = await headOf(ann, 'awareness');
  await drag(ann, { x: edge.right - 1, y: edge.y }, { x: edge.right + 59, y: edge.y });
  await expect
    .poll(async () => (await placeOf(ann, '[data-cell="actions/awareness"]')).width)
    .toBeGreaterThan(before + 30);

  const [first, third] = [await headOf(ann, 'awareness'), await headOf(ann, 'subscription')];
  await drag(ann, first, { x: third.x + 30, y: third.y });
  await expect.poll(async () => (await names()).indexOf('Discover')).toBe(2);

  const head = await headOf(ann, 'ascension');
  await page.mouse.click(head.x, head.y, { button: 'right' });
  await page.getByRole('menuitem', { name: /Remove stage/ }).click();
  await expect(stages(ann)).toHaveCount(7);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(stages(ann)).toHaveCount(8);

  await page.getByRole('button', { name: 'Add a stage' }).first().click();
  await expect(stages(ann)).toHaveCount(9);
  await page.keyboard.type('Afterwards');
  await page.keyboard.press('Enter');
  await expect(stages(ann).filter({ hasText: 'Afterwards' })).toHaveCount(1);
  expect(ann.errors).toEqual([]);
});

test('lanes: add, rename, remove and undo by the keyboard', async ({ server, browser }) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  await start(ann, server.url);
  await page.getByRole('button', { name: 'Add a lane' }).first().click();
  await page.keyboard.type('Backstage');
  await page.keyboard.press('Enter');
  await expect(lanes(ann)).toHaveCount(8);
  await expect(lanes(ann).filter({ hasText: 'Backstage' })).toHaveCount(1);
  await page.keyboard.press('Delete');
  await expect(lanes(ann)).toHaveCount(7);
  await page.keyboard.press('Control+z');
  await expect(lanes(ann)).toHaveCount(8);
  expect(ann.errors).toEqual([]);
});

test('the grid by the keyboard: move, type a card, go on by Tab, move the card, set a feeling, delete, undo, redo', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  await start(ann, server.url);
  await cell(ann, 'actions/awareness').focus();
  await page.keyboard.press('ArrowRight');
  await expect(cell(ann, 'actions/engagement')).toBeFocused();
  await page.keyboard.type('I compare');
  await page.keyboard.press('Tab');
  await page.keyboard.type('I sign up');
  await page.keyboard.press('Escape');
  await expect(cell(ann, 'actions/engagement')).toContainText('I compare');
  await expect(cell(ann, 'actions/subscription')).toContainText('I sign up');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(cell(ann, 'thoughts/subscription')).toContainText('I sign up');

  await cell(ann, 'feelings/awareness').focus();
  await page.keyboard.press('5');
  await expect(cell(ann, 'feelings/awareness')).toContainText('Excited');
  await page.keyboard.press('Control+z');
  await expect(cell(ann, 'feelings/awareness')).not.toContainText('Excited');
  await page.keyboard.press('Control+y');
  await expect(cell(ann, 'feelings/awareness')).toContainText('Excited');
  expect(ann.errors).toEqual([]);
});

test('zoom at the pointer, pan by wheel, fit; the help lists the keys', async ({ server, browser }) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  await start(ann, server.url);
  const board = page.getByTestId('board');
  const at = await middleOf(ann, '[data-cell="thoughts/subscription"]');
  await page.mouse.move(at.x, at.y);
  await page.keyboard.down('Control');
  const fitted = await board.getAttribute('data-camera');
  await page.mouse.wheel(0, -240);
  await page.keyboard.up('Control');
  await expect(board).not.toHaveAttribute('data-camera', fitted ?? '');
  const zoomed = await middleOf(ann, '[data-cell="thoughts/subscription"]');
  expect(Math.hypot(zoomed.x - at.x, zoomed.y - at.y)).toBeLessThan(2);
  await page.mouse.wheel(120, 80);
  await expect
    .poll(async () => (await middleOf(ann, '[data-cell="thoughts/subscription"]')).x)
    .toBeLessThan(at.x - 60);
  await page.keyboard.press('Shift+1');
  await expect(board).toHaveAttribute('data-camera', fitted ?? '');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Undo');
});

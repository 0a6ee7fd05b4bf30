import type { Page } from '@playwright/test';
import { annAndBen, cardWith, expect, middleOf, test } from './support.ts';

/** How much is drawn on the layer of people a little left of a point of the window, 0 to 255. */
const drawnAt = (page: Page, { x, y }: { x: number; y: number }) =>
  page.evaluate(
    ([left, top]) => {
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid="board"] canvas')].at(-1);
      const box = canvas?.getBoundingClientRect();
      if (canvas === undefined || box === undefined) return -1;
      const scale = canvas.width / box.width;
      const pen = canvas.getContext('2d');
      return pen?.getImageData((left - box.left) * scale, (top - box.top) * scale, 1, 1).data[3] ?? -1;
    },
    [x - 3, y - 1] as const
  );

test('a view that one keeps is opened by the other, from the palette and by its link; who wrote what is told; a laser is seen', async ({
  server,
  browser
}) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  const cell = await middleOf(ann, '[data-cell="web/trial"]');
  await ann.page.mouse.click(cell.x, cell.y);
  await ann.page.keyboard.type('A page of questions');
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByTestId('who-wrote')).toContainText('Put here by Ann (you), just now.');

  // Only what Ann wrote, kept as a view.
  await ann.page.getByTestId('board').focus();
  await ann.page.keyboard.press('Control+f');
  await ann.page.getByRole('button', { name: 'Filter the cards' }).click();
  await ann.page.getByRole('search').getByLabel('Author').selectOption({ label: 'Ann (you)' });
  await expect(ann.page.getByTestId('look-notice')).toContainText(/^1 of \d+ cards/);
  await ann.page.keyboard.press('Escape');
  await ann.page.getByTestId('board').focus();
  await ann.page.keyboard.press('Shift+V');
  await ann.page.getByLabel('Name of the new view').waitFor();
  await ann.page.keyboard.type('By Ann');
  await ann.page.keyboard.press('Enter');
  await ann.page.getByRole('button', { name: 'More about By Ann' }).click();
  await ann.page.getByRole('menuitem', { name: 'Copy a link' }).click();
  await expect.poll(() => ann.page.evaluate(() => navigator.clipboard.readText())).toMatch(/#view=/);
  const link = await ann.page.evaluate(() => navigator.clipboard.readText());
  await ann.page.keyboard.press('Escape');
  await ann.page.getByTestId('look-notice').getByRole('button', { name: 'Show all' }).click();

  // Ben finds it in the palette, and who wrote the card that is left.
  await ben.page.getByTestId('board').focus();
  await ben.page.keyboard.press('Control+k');
  await ben.page.getByRole('combobox', { name: 'Command' }).waitFor();
  await ben.page.keyboard.type('by ann');
  await ben.page.getByRole('option', { name: 'View: By Ann' }).click();
  await expect(ben.page.getByTestId('look-notice')).toContainText(/^1 of \d+ cards/);
  const card = await middleOf(ben, await cardWith(ben, 'A page of questions'));
  await ben.page.mouse.click(card.x, card.y);
  await expect(ben.page.getByTestId('who-wrote')).toContainText('Put here by Ann (guest)');
  await ben.page.getByTestId('look-notice').getByRole('button', { name: 'Show all' }).click();
  await expect(ben.page.getByTestId('look-notice')).toHaveCount(0);
  await ben.page.goto(link);
  await expect(ben.page.getByTestId('look-notice')).toContainText(/^1 of \d+ cards/);

  // Without the filter the map lies for Ben as it does for Ann.
  await ben.page.getByTestId('look-notice').getByRole('button', { name: 'Show all' }).click();

  // Ann points with the laser; Ben sees it while she does, and not for long after.
  const [from, to] = [
    await middleOf(ann, '[data-cell="web/trial"]'),
    await middleOf(ben, '[data-cell="web/trial"]')
  ];
  await ann.page.getByRole('button', { name: 'Laser pointer' }).click();
  await ann.page.mouse.move(from.x - 60, from.y);
  await ann.page.mouse.down();
  await ann.page.mouse.move(from.x, from.y, { steps: 6 });
  await expect.poll(() => drawnAt(ben.page, to)).toBeGreaterThan(0);
  await ann.page.mouse.up();
  await expect.poll(() => drawnAt(ben.page, to)).toBe(0);
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

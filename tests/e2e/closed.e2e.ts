import { readFileSync } from 'node:fs';
import { Person, expect, middleOf, test } from './support.ts';

/** Ann on a map of her own, through whose socket a test speaks for the server. */
async function onMap(person: Person, url: string): Promise<{ close: (code: number) => Promise<void> }> {
  const closers: ((code: number) => Promise<void>)[] = [];
  await person.page.routeWebSocket(/\/sync\//, (socket) => {
    const server = socket.connectToServer();
    closers.push(async (code) => {
      await server.close();
      await socket.close({ code, reason: 'said by the test' });
    });
  });
  await person.goto(url);
  await person.page.getByRole('button', { name: 'Start a map' }).click();
  await person.onBoard();
  return { close: async (code) => closers.at(-1)?.(code) };
}

test('a server that shuts the door: nobody types into nothing, the way on is said, trying again goes on', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  const door = await onMap(ann, server.url);
  const { x, y } = await middleOf(ann, '[data-cell="actions/awareness"]');
  await page.mouse.click(x, y);
  await page.keyboard.press('Enter');
  await page.locator('textarea:focus').waitFor();
  await page.keyboard.type('I see a poster');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('save-state')).toHaveText(/^Saved/);

  await door.close(4413);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('does not take what this page sends');
  await expect(page.getByTestId('save-state')).toHaveText('Disconnected');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.mouse.dblclick(x, y);
  await expect(page.locator('textarea:focus')).toHaveCount(0);
  await expect(page.locator('[data-command="add-card"]')).toHaveCount(0);

  await page.getByRole('button', { name: 'What now?' }).click();
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('save-state')).toHaveText(/^Saved/);
  await expect(page.locator('[data-command="add-card"]')).toBeVisible();
  expect(ann.errors).toEqual([]);
});

test('what was typed and could not be sent is counted and can be taken away as a map file', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  const { page } = ann;
  const door = await onMap(ann, server.url);
  const { x, y } = await middleOf(ann, '[data-cell="actions/awareness"]');
  await page.locator('[data-command="add-card"]').waitFor();
  // A name is written when its field closes: here because the server has closed.
  const head = page.getByTestId('outline').locator('th[data-stage]').first();
  await page.mouse.click(x, y);
  await page.locator('[data-command="add-stage"]').click();
  await page.locator('textarea:focus').fill('Only here');
  await door.close(4413);
  await expect(page.getByTestId('save-state')).toHaveText(/^Disconnected: \d+ changes? only on this device/);
  await expect(head).toBeAttached();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: 'Download a copy' }).click()
  ]);
  const file = JSON.parse(readFileSync(await download.path(), 'utf8')) as { stages: { name: string }[] };
  expect(file.stages.map(({ name }) => name)).toContain('Only here');

  await page.getByRole('dialog').getByRole('button', { name: 'Start over' }).click();
  await ann.onBoard();
  await expect(page.getByTestId('outline')).not.toContainText('Only here');
  expect(ann.errors).toEqual([]);
});

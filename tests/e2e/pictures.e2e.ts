import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { declaredPng, pictureFile, SVG } from '../support/pictures.ts';
import { annAndBen, expect, Person, test } from './support.ts';

// The recorder of traces fetches the addresses of local files, which the page's policy rightly refuses and reports.
test.use({ trace: 'off' });

const objects = (person: Person, count: number) =>
  expect(person.page.getByTestId('board')).toHaveAttribute('data-objects', String(count));

interface GivenFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: readonly number[];
}
const given = (name: string, bytes: Uint8Array, type = 'image/png'): GivenFile => ({
  name,
  type,
  bytes: [...bytes]
});

/** What the browser does when files are pasted, or dropped at a place of the board. */
const bring = (page: Page, how: 'paste' | 'drop', files: readonly GivenFile[], at = { x: 0, y: 0 }) =>
  page.evaluate(
    ({ how, files, at }) => {
      const data = new DataTransfer();
      for (const { name, type, bytes } of files)
        data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
      const board = document.querySelector('[data-testid="board"]');
      if (board === null) throw new Error('there is no board');
      const options = { bubbles: true, cancelable: true, clientX: at.x, clientY: at.y };
      if (how === 'paste')
        board.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
      else
        for (const type of ['dragenter', 'dragover', 'drop'])
          board.dispatchEvent(new DragEvent(type, { ...options, dataTransfer: data }));
    },
    { how, files, at }
  );

/** How many pixels of the page have a colour. */
async function pixelsOf(page: Page, [r, g, b]: readonly [number, number, number]): Promise<number> {
  const { data, info } = await sharp(await page.screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let at = 0; at < info.width * info.height * 3; at += 3)
    if (Math.abs(data[at]! - r) < 6 && Math.abs(data[at + 1]! - g) < 6 && Math.abs(data[at + 2]! - b) < 6)
      count += 1;
  return count;
}
const shot = async (page: Page, name: string) => {
  if (process.env.OBJECT_SHOTS !== undefined)
    await page.screenshot({ path: `${process.env.OBJECT_SHOTS}/${name}.png` });
};

test('pictures are chosen, pasted and dropped, seen by another person, described, copied to another map, and hidden from strangers', async ({
  server,
  browser
}) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  const { page } = ann;
  await page.getByTestId('board').focus();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+u');
  const [purple, orange] = [
    await pictureFile('png', { width: 600, height: 400, color: '#b41ee6' }),
    await pictureFile('jpeg', { width: 300, height: 300, color: '#ff8c00' })
  ];
  await (await chooser).setFiles([{ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(purple) }]);
  await objects(ann, 1);
  await objects(ben, 1);
  for (const person of [ann, ben])
    await expect.poll(() => pixelsOf(person.page, [0xb4, 0x1e, 0xe6])).toBeGreaterThan(2_000);

  // It is selected; Enter asks what it shows.
  await page.getByTestId('board').focus();
  await page.keyboard.press('Enter');
  const words = page.getByLabel('What the picture shows');
  await expect(words).toBeFocused();
  await page.keyboard.type('The <b>shop</b> window');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Alt+r');
  await expect(page.getByTestId('spoken')).toContainText('Picture, object 1 of 1: The <b>shop</b> window.');
  await shot(page, 'picture-light');

  // Several at once, with one that only has the name of a picture, and a bomb.
  const host = (await page.getByTestId('board').boundingBox())!;
  await bring(
    page,
    'drop',
    [given('b.jpg', orange), given('evil.png', SVG), given('bomb.png', declaredPng(50_000, 50_000))],
    { x: host.x + 700, y: host.y + 520 }
  );
  await expect(page.getByText(/evil\.png: This file is not a PNG, JPEG, WebP or GIF/)).toBeVisible();
  await objects(ann, 2);
  const failed = page.locator('[data-upload="failed"]');
  await expect(failed).toContainText('A picture may have 40 million pixels');
  await shot(page, 'picture-refused');
  await failed.getByRole('button', { name: 'Remove' }).click();
  await expect(failed).toHaveCount(0);
  await expect.poll(() => pixelsOf(page, [255, 140, 0])).toBeGreaterThan(500);
  await bring(page, 'paste', [given('image.png', purple)]);
  await objects(ann, 3);

  // To another map: all of it, with the picture brought along.
  await page.getByTestId('board').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  const second = await ann.context.newPage();
  await second.goto(`${server.url}/maps`);
  const stored = second.waitForResponse(
    (answer) => /\/images\/[0-9a-f]{64}$/.test(answer.url()) && answer.request().method() === 'GET'
  );
  await second.goto(server.url);
  await second.locator('html[data-hydrated]').waitFor();
  await second.getByRole('button', { name: 'Start a map' }).click();
  await second.waitForURL(/\/maps\/[0-9a-f-]{36}/);
  await expect(second.getByTestId('save-state')).toHaveText(/^Saved/);
  await second.getByTestId('board').focus();
  await second.keyboard.press('Control+v');
  await expect(second.getByTestId('board')).toHaveAttribute('data-objects', '3');
  const answer = await stored;
  expect(answer.status()).toBe(200);
  expect(new URL(answer.url()).pathname.startsWith(new URL(second.url()).pathname)).toBe(true);
  await shot(second, 'picture-other-map');

  const eve = await Person.enter(browser);
  await eve.goto(server.url);
  const seen = await eve.page.goto(answer.url());
  expect(seen?.status()).toBe(404);
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

test('without a server a picture waits in its place, and goes onto the board when the server is back', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser, { colorScheme: 'dark' });
  const { page } = ann;
  await ann.goto(server.url);
  await page.getByRole('button', { name: 'Open the example' }).click();
  await ann.onBoard();
  // What shows a waiting picture has been fetched by then.
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('UploadsOverlay'))
  );
  await server.stop('SIGKILL');
  await expect(page.getByTestId('save-state')).toContainText('Offline');
  await bring(page, 'paste', [
    given('kept.png', await pictureFile('png', { width: 500, height: 320, color: '#b41ee6' }))
  ]);
  const waiting = page.locator('[data-upload="waiting"]');
  await expect(waiting).toContainText('You are offline. This picture is kept in this tab');
  await shot(page, 'picture-offline-dark');
  await objects(ann, 0);
  await server.start();
  await objects(ann, 1);
  await expect(waiting).toHaveCount(0);
  await expect(page.getByTestId('save-state')).toHaveText(/^Saved/);
  await shot(page, 'picture-dark');
  await page.reload();
  await ann.onBoard();
  await expect.poll(() => pixelsOf(page, [0xb4, 0x1e, 0xe6])).toBeGreaterThan(2_000);
});

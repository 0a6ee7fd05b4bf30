import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Person, cardWith, expect, middleOf, shareLink, test } from './support.ts';

/** Nothing serious or critical on the page, or in the part of it that is named. */
async function check(page: Page, where: string, part?: string): Promise<void> {
  // What fades in is judged when it is there.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((motion) => motion.finished.catch(() => null)))
  );
  // Nothing here has frames from elsewhere, for which the newer mode opens a page each time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations } = await (part === undefined ? axe : axe.include(part)).analyze();
  const bad = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  expect(bad, where).toEqual([]);
}

test.describe.configure({ timeout: 120_000 });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on any page, ${colorScheme} theme: pages`, async ({ server, browser }) => {
    const ann = await Person.enter(browser, { colorScheme, reducedMotion: 'reduce' });
    const { page } = ann;
    await ann.goto(server.url);
    await check(page, 'start page');
    await page.getByRole('button', { name: 'Start a map' }).click();
    await ann.onBoard();
    const map = page.url();
    await check(page, 'a new map');
    const [edit, view] = [await shareLink(ann, 'edit'), await shareLinkAgain(ann)];
    for (const path of ['/maps', '/maps?trash', '/sign-in', '/sign-up', '/forgot', '/account', '/inbox']) {
      await ann.goto(server.url + path);
      await check(page, path);
    }
    await ann.goto(`${map}/clv`);
    await check(page, 'figures to print');

    const ben = await Person.enter(browser, { colorScheme, reducedMotion: 'reduce' });
    await ben.goto(view);
    await check(ben.page, 'share link');
    await ben.page.getByLabel(/name/i).fill('Ben');
    await ben.page.getByRole('main').getByRole('button').click();
    await ben.onBoard();
    await check(ben.page, 'the board of a viewer');

    await ann.goto(`${server.url}/maps`);
    await page.getByRole('button', { name: 'Move to trash' }).click();
    await expect(page.locator('main li')).toHaveCount(0);
    for (const [address, status] of [
      [`${server.url}/maps/00000000-0000-4000-8000-000000000000`, 404],
      [map, 410],
      [edit, 404],
      [`${server.url}/reset/nonsense`, 404]
    ] as const) {
      const response = await ben.page.goto(address);
      expect.soft([address, response?.status()]).toEqual([address, status]);
      await check(ben.page, `${status} ${address}`);
    }
  });

  test(`axe finds nothing serious on the board, ${colorScheme} theme`, async ({ server, browser }) => {
    const ann = await Person.enter(browser, { colorScheme, reducedMotion: 'reduce' });
    const { page } = ann;
    await ann.goto(server.url);
    await page.getByRole('button', { name: 'Open the example' }).click();
    await ann.onBoard();
    for (const tab of ['CLV', 'Opportunities', 'Comments', 'History', 'Details']) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('data-state', 'active');
      if (tab === 'History') await page.locator('.history').getByRole('button').first().waitFor();
      await check(page, `tab ${tab}`, 'aside');
    }

    const card = await cardWith(ann, 'Sign-up form');
    const { x, y } = await middleOf(ann, card);
    await page.mouse.click(x, y);
    await page.getByTestId('who-wrote').getByText('Came with the map').waitFor();
    await check(page, 'a card is selected');
    await page.mouse.click(x, y, { button: 'right' });
    await page.getByRole('menuitem', { name: 'Edit text' }).waitFor();
    await check(page, 'menu of a card', '[role="menu"]');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.mouse.dblclick(x, y);
    await page.locator('textarea:focus').waitFor();
    await check(page, 'a text is open', 'main');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+a');
    await page.getByRole('toolbar').nth(1).waitFor();
    await check(page, 'several cards', 'main');
    await page.keyboard.press('Escape');
    await page.keyboard.press('m');
    await page.keyboard.press('Control+f');
    await page.getByRole('button', { name: 'Filter the cards' }).click();
    await page.getByRole('search').getByLabel('Lane').selectOption({ label: 'Web' });
    await page.getByTestId('look-notice').waitFor();
    await check(page, 'finding, filtering, minimap', 'main');
    await page.keyboard.press('Escape');
    await page.getByTestId('look-notice').getByRole('button', { name: 'Show all' }).click();
    await page.getByTestId('board').focus();
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await page.getByRole('toolbar').nth(1).waitFor();
    await check(page, 'an object and its bar', 'main');

    for (const [key, name] of [
      ['Control+k', 'palette'],
      ['?', 'sheet of keys'],
      ['Shift+V', 'saved views']
    ] as const) {
      await page.getByTestId('board').focus();
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      if (name === 'saved views') {
        await page.keyboard.type('Here');
        await page.keyboard.press('Enter');
        await page.getByRole('dialog').getByRole('button', { name: 'Here', exact: true }).waitFor();
      }
      await check(page, name, '[role="dialog"]');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem').first().waitFor();
    await check(page, 'menu of the page', '[role="menu"]');
    expect(ann.errors).toEqual([]);
  });
}

/** A second link, by somebody who has a name already: to look. */
async function shareLinkAgain({ page }: Person): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('label', { hasText: 'Can view' }).click();
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const field = dialog.getByLabel('Address of the new link');
  await expect(field).toHaveValue(/\/s\//);
  await check(page, 'sharing', '[role="dialog"]');
  const link = await field.inputValue();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  return link;
}

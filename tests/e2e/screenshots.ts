/**
 * Draws the pictures of `docs/images` from the build, all that `screens.ts` names: the start page, the example with a
 * second person on it, its panels and what opens over it, light and dark, on a wide screen and on a phone.
 *
 *   npm run build && npm run screenshots
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { removeData, startProgram, temporaryData } from '../support/program.ts';
import { findChromium } from './browser.js';
import { SCREENS, type Screen } from './screens.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync'
];
const WIDE = { viewport: { width: 1440, height: 900 } } as const;
const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true
} as const;

async function page(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  return (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
}

const ready = (board: Page) =>
  board
    .getByTestId('save-state')
    .getByText(/^Saved|^View only/)
    .waitFor()
    .then(() => board.getByTestId('clv-head').waitFor({ state: 'attached' }));

async function visit(one: Page, address: string): Promise<void> {
  await one.goto(address);
  await one.locator('html[data-hydrated]').waitFor();
}

/** The owner names herself and makes a link that edits. */
async function share(owner: Page): Promise<string> {
  await owner.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Ann');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const link = await dialog.getByLabel('Address of the new link').inputValue();
  await owner.keyboard.press('Escape');
  return link;
}

async function join(guest: Page, link: string, name: string): Promise<void> {
  await visit(guest, link);
  await guest.getByLabel(/name/i).fill(name);
  await guest.getByRole('main').getByRole('button').click();
  await ready(guest);
}

const made = new Set<Screen>();

/** Takes the picture of a page as it is, once nothing moves in it any more. */
async function shoot(of: Page, name: Screen): Promise<void> {
  await of.evaluate(() =>
    Promise.all(document.getAnimations().map((motion) => motion.finished.catch(() => null)))
  );
  await of.screenshot({ path: FOLDER + name });
  made.add(name);
}

/** Opens a tab of the panel and says something in it, or names a version. */
async function tabs(ann: Page): Promise<void> {
  await ann.getByRole('tab', { name: 'Opportunities' }).click();
  await ann
    .getByRole('button', { name: /^Open / })
    .first()
    .waitFor();
  await shoot(ann, 'opportunities.png');
  await ann.getByTestId('board').focus();
  await ann.keyboard.press('ArrowRight');
  await ann.getByRole('tab', { name: 'Comments' }).click();
  const field = ann.locator('.comments').getByRole('textbox').first();
  await field.fill('Half of them leave here. Do we know why?');
  await ann.locator('.comments').getByRole('button', { name: 'Comment' }).click();
  await ann.locator('[data-thread]').waitFor();
  await shoot(ann, 'comments.png');
  await ann.getByRole('tab', { name: 'History' }).click();
  await ann.locator('.history input').first().fill('Before the workshop');
  await ann.getByRole('button', { name: 'Keep this version' }).click();
  await ann.locator('.history').getByText('Before the workshop').waitFor();
  await shoot(ann, 'history.png');
  await ann.getByRole('tab', { name: 'Details' }).click();
  await ann
    .getByTestId('who-wrote')
    .getByText(/map|by/)
    .first()
    .waitFor();
  await shoot(ann, 'details.png');
}

/** What opens over the board. */
async function overlays(ann: Page): Promise<void> {
  await ann.getByRole('tab', { name: 'CLV' }).click();
  await ann.getByTestId('board').focus();
  await ann.keyboard.press('Control+k');
  await ann.getByRole('combobox', { name: 'Command' }).waitFor();
  await shoot(ann, 'palette.png');
  await ann.keyboard.press('Escape');
  await ann.getByRole('dialog').waitFor({ state: 'detached' });
  await ann.keyboard.press('Control+f');
  await ann.getByLabel('Words to find').fill('trial');
  await ann.getByRole('button', { name: 'Filter the cards' }).click();
  await ann.getByRole('search').getByLabel('Lane').waitFor();
  await shoot(ann, 'find.png');
  await ann.keyboard.press('Escape');
  await ann.getByTestId('board').focus();
  await ann.keyboard.press('Escape'); // in a cell letters write
  await ann.keyboard.press('Shift+V');
  await ann.getByLabel('Name of the new view').fill('Sign-up');
  await ann.keyboard.press('Enter');
  await ann.getByRole('button', { name: 'More about Sign-up' }).waitFor();
  await shoot(ann, 'views.png');
  await ann.keyboard.press('Escape');
}

mkdirSync(FOLDER, { recursive: true });
const data = temporaryData();
const program = await startProgram(data);
const executablePath = findChromium();
const browser = await chromium.launch({
  args: ARGS,
  ...(executablePath === undefined ? {} : { executablePath })
});
try {
  const ann = await page(browser, { ...WIDE, colorScheme: 'light' });
  await visit(ann, program.url);
  await shoot(ann, 'start.png');
  await ann.getByRole('button', { name: 'Open the example' }).click();
  await ready(ann);
  const link = await share(ann);
  const ben = await page(browser, { ...WIDE, colorScheme: 'dark' });
  await visit(ben, program.url);
  await shoot(ben, 'start-dark.png');
  await join(ben, link, 'Ben');
  const host = await ben.getByTestId('board').boundingBox();
  if (host === null) throw new Error('the board is not on the screen');
  await ben.mouse.move(host.x + host.width * 0.5, host.y + host.height * 0.3, { steps: 4 });
  await ann.getByTestId('people').getByRole('listitem').nth(1).waitFor();
  await shoot(ann, 'board.png');
  await shoot(ben, 'board-dark.png');
  for (const [colorScheme, name] of [
    ['light', 'phone.png'],
    ['dark', 'phone-dark.png']
  ] as const) {
    const cleo = await page(browser, { ...PHONE, colorScheme });
    await join(cleo, link, 'Cleo');
    await shoot(cleo, name);
    await cleo.context().close();
  }
  await tabs(ann);
  await overlays(ann);
  const missing = SCREENS.filter((name) => !made.has(name));
  if (missing.length > 0) throw new Error(`Not drawn: ${missing.join(', ')}`);
} finally {
  await browser.close();
  await program.end('SIGTERM');
  removeData(data);
}

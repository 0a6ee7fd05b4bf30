/**
 * Draws the pictures of `docs/images` from the build: the start page, the example on a wide screen, light and dark, and
 * on a phone, each with a second person on the map.
 *
 *   npm run build && npm run screenshots
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { removeData, startProgram, temporaryData } from '../support/program.ts';
import { findChromium } from './browser.js';

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
  await ann.screenshot({ path: `${FOLDER}start.png` });
  await ann.getByRole('button', { name: 'Open the example' }).click();
  await ready(ann);
  const link = await share(ann);
  const ben = await page(browser, { ...WIDE, colorScheme: 'dark' });
  await join(ben, link, 'Ben');
  const host = await ben.getByTestId('board').boundingBox();
  if (host === null) throw new Error('the board is not on the screen');
  await ben.mouse.move(host.x + host.width * 0.5, host.y + host.height * 0.3, { steps: 4 });
  await ann.getByTestId('people').getByRole('listitem').nth(1).waitFor();
  await ann.screenshot({ path: `${FOLDER}board.png` });
  await ben.screenshot({ path: `${FOLDER}board-dark.png` });
  const cleo = await page(browser, { ...PHONE, colorScheme: 'light' });
  await join(cleo, link, 'Cleo');
  await cleo.screenshot({ path: `${FOLDER}phone.png` });
} finally {
  await browser.close();
  await program.end('SIGTERM');
  removeData(data);
}

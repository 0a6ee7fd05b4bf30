/**
 * What the first minute costs, measured on the build: cold start, memory, transfer of the board page, board from a warm
 * server, and a keystroke's way to another person's screen. Prints; asserts nothing.
 *
 *   npm run build && node tests/bench/first-minute.ts
 */
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { transferOf } from './transfer.ts';
import { findChromium } from '../e2e/browser.js';
import { removeData, startProgram, temporaryData } from '../support/program.ts';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync'
];
const LETTERS = 120;

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;
const ms = (value: number) => `${value.toFixed(0)} ms`;

async function coldStarts(): Promise<void> {
  const times: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const folder = temporaryData();
    const start = performance.now();
    const program = await startProgram(folder);
    await (await fetch(program.url)).text();
    times.push(performance.now() - start);
    const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
    memory.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    await program.end('SIGTERM');
    removeData(folder);
  }
  console.log(
    `cold start to first page, new data folder: median ${ms(quantile(times, 0.5))} of ${times.length}`
  );
  console.log(`resident after it: median ${quantile(memory, 0.5).toFixed(0)} MB`);
}

async function open(
  browser: Browser,
  cookies: Parameters<BrowserContext['addCookies']>[0] = []
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  if (cookies.length > 0) await context.addCookies(cookies);
  return context.newPage();
}

const drawn = (page: Page) =>
  page
    .getByTestId('save-state')
    .getByText(/^Saved/)
    .waitFor();

async function boards(page: Page, url: string): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    await page.goto(url);
    await page.locator('html[data-hydrated]').waitFor();
    const start = performance.now();
    await page.getByRole('button', { name: 'Start a map' }).click();
    await drawn(page);
    times.push(performance.now() - start);
  }
  console.log(
    `"Start a map" to a board that says saved: median ${ms(quantile(times, 0.5))}, most ${ms(Math.max(...times))}`
  );
}

/** Types in one browser and watches the other one's outline, both by the same clock. */
async function keystrokes(ann: Page, ben: Page): Promise<void> {
  const cell = ann.getByTestId('outline').locator('[data-cell]').first();
  await cell.focus();
  await ann.keyboard.press('Enter');
  await ann.locator('textarea:focus').waitFor();
  await ann.evaluate(() => {
    const pressed: number[] = [];
    Object.assign(window, { pressed });
    addEventListener('keydown', () => pressed.push(performance.timeOrigin + performance.now()), true);
  });
  await ben.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { seen });
    const outline = document.querySelector('[data-testid="outline"]');
    if (outline === null) throw new Error('no outline');
    new MutationObserver(() => {
      const length = outline.querySelector('[data-card]')?.textContent?.length ?? 0;
      while (seen.length < length) seen.push(performance.timeOrigin + performance.now());
    }).observe(outline, { subtree: true, childList: true, characterData: true });
  });
  await ann.keyboard.type('x'.repeat(LETTERS), { delay: 80 });
  await ben.waitForFunction(
    (count) => (window as unknown as { seen: number[] }).seen.length >= count,
    LETTERS
  );
  const pressed = await ann.evaluate(() => (window as unknown as { pressed: number[] }).pressed);
  const seen = await ben.evaluate(() => (window as unknown as { seen: number[] }).seen);
  const way = pressed.slice(0, LETTERS).map((time, index) => (seen[index] ?? Number.NaN) - time);
  console.log(
    `keystroke to the other screen, ${way.length} letters at 12 a second: p50 ${ms(quantile(way, 0.5))}, p95 ${ms(quantile(way, 0.95))}`
  );
}

await coldStarts();
const folder = temporaryData();
const program = await startProgram(folder);
const executablePath = findChromium();
const browser = await chromium.launch({
  args: ARGS,
  ...(executablePath === undefined ? {} : { executablePath })
});
try {
  const ann = await open(browser);
  await boards(ann, program.url);
  const map = ann.url();
  const cookies = await ann.context().cookies();
  const ben = await open(browser, cookies);
  const { kB, files } = await transferOf(ben, map);
  console.log(`JS and CSS until the board can be edited: ${kB.toFixed(0)} kB gz in ${files} files`);
  await keystrokes(ann, ben);
} finally {
  await browser.close();
  await program.end('SIGTERM');
  removeData(folder);
}

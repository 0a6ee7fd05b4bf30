/**
 * A million rows imported in a real browser: how long the page's own thread is ever busy meanwhile. Build first.
 *
 *   npm run build && node tests/bench/import-in-browser.ts [rows]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { findChromium } from '../e2e/browser.js';
import { removeData, startProgram, temporaryData } from '../support/program.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const GOAL = 50; // ms, the longest that the page may be busy at a time

interface Seen {
  readonly tasks: number[];
  stage: string;
}

function fileOf(rows: number, folder: string): string {
  const lines = ['customer,date,amount'];
  for (let row = 0; row < rows; row++) {
    const day = new Date(17e11 + ((row * 7919) % 700) * 864e5).toISOString().slice(0, 10);
    lines.push(`c${row % Math.ceil(rows / 4)},${day},${row % 90}`);
  }
  const path = join(folder, 'transactions.csv');
  writeFileSync(path, lines.join('\n'));
  return path;
}

/** Longest task and their number since the last call. */
const taskSince = (page: Page): Promise<{ longest: number; over: number }> =>
  page.evaluate(async (goal) => {
    // Entries come when the page is idle.
    await new Promise((resolve) => requestIdleCallback(resolve));
    const { seen } = globalThis as unknown as { seen: Seen };
    const tasks = seen.tasks.splice(0);
    return { longest: Math.max(0, ...tasks), over: tasks.filter((task) => task > goal).length };
  }, GOAL);

const folder = mkdtempSync(join(tmpdir(), 'meander-import-'));
const data = temporaryData();
const program = await startProgram(data, { PORT: '0' });
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--no-sandbox', '--disable-gpu']
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://localhost:${program.port}`);
  await page.getByRole('button', { name: 'Open the example' }).click();
  await page.getByTestId('clv-head').waitFor();
  await page.getByRole('button', { name: 'From transactions' }).click();
  await page.getByLabel('Choose a file', { exact: true }).waitFor();
  await page.evaluate(() => {
    const seen: Seen = { tasks: [], stage: '' };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  console.log(`${ROWS.toLocaleString('en')} rows; goal: no task of the page over ${GOAL} ms`);
  const tell = async (what: string, since: number) => {
    const { longest, over } = await taskSince(page);
    const told =
      longest === 0 ? 'none over 50 ms' : `longest ${longest.toFixed(0)} ms, ${over} over ${GOAL} ms`;
    console.log(`${what.padEnd(28)} ${((performance.now() - since) / 1000).toFixed(1)} s   ${told}`);
  };
  let start = performance.now();
  await page.getByLabel('Choose a file', { exact: true }).setInputFiles(fileOf(ROWS, folder));
  await page.getByRole('button', { name: 'Read and fit' }).waitFor();
  await tell('opening and guessing', start);
  start = performance.now();
  await page.getByRole('button', { name: 'Read and fit' }).click();
  await page.getByText('Fitting the model…').waitFor({ timeout: 120_000 });
  await tell('reading the rows', start);
  await page.getByText('What the model says').waitFor({ timeout: 240_000 });
  await tell('to the figures on the screen', start);
} finally {
  await browser.close();
  await program.end('SIGTERM');
  removeData(data);
  rmSync(folder, { recursive: true });
}

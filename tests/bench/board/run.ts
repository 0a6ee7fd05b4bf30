/**
 * How fast the board is with 2,000 and 10,000 cards: script time of the main thread for each update that showed
 * something new, updates a second, opening, heap, what the page fetches. Pan and pinch are the browser's own gestures, the other person is a
 * second client on the server. Prints figures beside their goals; asserts nothing.
 *
 *   npm run build && node tests/bench/board/run.ts [--cards 2000,10000] [--rounds 3] [--only work,zoom] [--profile DIR]
 */
import { writeFileSync } from 'node:fs';
import { join as inFolder } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { findChromium } from '../../e2e/browser.js';
import { removeData, startProgram, temporaryData, Visitor, type Program } from '../../support/program.ts';
import { busyMs, Hands, heapMB, middleOf, record, scriptMs, VIEWPORT, type Point } from './page.ts';
import { transferOf } from '../transfer.ts';
import { report, type Figures, type Scenario } from './goals.ts';
import { join, newMap, seed, sizeOf } from './seed.ts';

const { values: options } = parseArgs({
  options: {
    cards: { type: 'string', default: '2000,10000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    profile: { type: 'string' },
    shots: { type: 'string' }
  }
});

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
  '--enable-precise-memory-info'
];
const PAN_MS = 3_000;
const DRAG_MS = 2_000;
const PINCHES = [0.464, 0.464, 0.464, 2.155, 2.155, 2.155]; // 100% to 10% and back
const REMOTE_HZ = 20;

const wanted = (scenario: Scenario) =>
  options.only === undefined || options.only.split(',').includes(scenario);

/** One open board, and what is done to it. */
class Bench {
  readonly page: Page;
  readonly #cdp: CDPSession;
  readonly #hands: Hands;
  readonly #cards: number;
  readonly #middle: Point;

  private constructor(page: Page, cdp: CDPSession, cards: number, middle: Point) {
    this.page = page;
    this.#cdp = cdp;
    this.#hands = new Hands(cdp);
    this.#cards = cards;
    this.#middle = middle;
  }

  static async open(
    context: BrowserContext,
    url: string,
    cards: number
  ): Promise<{ bench: Bench; ms: number; cpu: number }> {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => console.error('the page:', error));
    await page.addInitScript(record);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const profiled = options.profile !== undefined && cards > 0;
    if (profiled) {
      await cdp.send('Profiler.enable');
      await cdp.send('Profiler.start');
    }
    await page.goto(url, { waitUntil: 'commit' });
    const ms = await page.evaluate((count) => window.recorder.opened(count), cards);
    if (profiled) {
      const { profile } = await cdp.send('Profiler.stop');
      writeFileSync(inFolder(options.profile ?? '', `load-${cards}.cpuprofile`), JSON.stringify(profile));
    }
    return { bench: new Bench(page, cdp, cards, await middleOf(page)), ms, cpu: await busyMs(cdp) };
  }

  heap(): Promise<number> {
    return heapMB(this.#cdp);
  }

  /** Looks at the middle of the map. */
  async #look(zoom: number): Promise<void> {
    const { stages } = sizeOf(this.#cards);
    const rect = await this.page.evaluate(() =>
      document.querySelector('[data-cell]')?.getAttribute('data-rect')
    );
    const height = Number(rect?.split(',')[3]);
    const { lanes } = sizeOf(this.#cards);
    await this.page.evaluate(([x, y, to]) => window.recorder.look(x, y, to), [
      (stages * 240) / 2,
      (lanes * height) / 2,
      zoom
    ] as const);
  }

  async #measure(of: 'camera' | 'carried', scenario: Scenario, act: () => Promise<void>) {
    const cdp = this.#cdp;
    if (options.profile !== undefined) {
      await cdp.send('Profiler.enable');
      await cdp.send('Profiler.setSamplingInterval', { interval: 200 });
      await cdp.send('Profiler.start');
    }
    const before = await scriptMs(cdp);
    await this.page.evaluate((what) => window.recorder.start(what), of);
    const start = performance.now();
    await act();
    const ms = performance.now() - start;
    const shown = await this.page.evaluate(() => window.recorder.stop());
    const script = (await scriptMs(cdp)) - before;
    if (options.profile !== undefined) {
      const { profile } = await cdp.send('Profiler.stop');
      const file = inFolder(options.profile, `${scenario}-${this.#cards}.cpuprofile`);
      writeFileSync(file, JSON.stringify(profile));
    }
    if (options.shots !== undefined)
      await this.page.screenshot({ path: inFolder(options.shots, `${scenario}-${this.#cards}.png`) });
    return { script: script / shown, perSecond: (shown * 1000) / ms };
  }

  async pan(scenario: 'work' | 'overview'): Promise<Figures> {
    await this.#look(scenario === 'work' ? 1 : 0.1);
    const speed = scenario === 'work' ? 2_400 : 480;
    const { script, perSecond } = await this.#measure('camera', scenario, () =>
      this.#hands.pan(this.#middle, PAN_MS, speed)
    );
    return { [scenario]: { figure: script, more: `${perSecond.toFixed(0)} updates/s` } };
  }

  async zoom(): Promise<Figures> {
    await this.#look(1);
    const { script, perSecond } = await this.#measure('camera', 'zoom', async () => {
      for (const factor of PINCHES) await this.#hands.pinch(this.#middle, factor, 500);
    });
    return { zoom: { figure: script, more: `${perSecond.toFixed(0)} updates/s` } };
  }

  /** Drags the card in the middle of the window while somebody else moves another one to and fro. */
  async drag(move: (turn: number) => void): Promise<Figures> {
    await this.#look(1);
    const from = await this.#cardNear(this.#middle);
    let turn = 0;
    const timer = setInterval(() => move((turn += 1)), 1000 / REMOTE_HZ);
    let release = async () => undefined as void;
    const { script, perSecond } = await this.#measure('carried', 'drag', async () => {
      ({ release } = await this.#hands.drag(from, DRAG_MS, 100));
    });
    clearInterval(timer);
    await this.page.keyboard.press('Escape');
    await release();
    await this.page.evaluate(() => window.recorder.settled());
    return {
      drag: { figure: script, more: `${perSecond.toFixed(0)} updates/s, ${turn} changes` }
    };
  }

  async all(): Promise<Figures> {
    await this.#look(0.1);
    await this.page.getByTestId('board').focus();
    await this.page.keyboard.press('Control+a');
    await this.page.evaluate(() => window.recorder.settled());
    const from = await this.#cardNear(this.#middle);
    let release = async () => undefined as void;
    const { script, perSecond } = await this.#measure('carried', 'all', async () => {
      ({ release } = await this.#hands.drag(from, DRAG_MS, 60));
    });
    await this.page.keyboard.press('Escape');
    await release();
    return { all: { figure: perSecond, more: `${script.toFixed(1)} ms script` } };
  }

  /** The middle of a card near a point of the screen. */
  async #cardNear(point: Point): Promise<Point> {
    const { width, height } = { width: 240, height: 90 };
    const at = await this.page.evaluate(
      ([x, y, across, down]) => {
        const host = document.querySelector<HTMLElement>('[data-testid="board"]');
        const box = host?.getBoundingClientRect() ?? new DOMRect();
        const [left = 0, top = 0, zoom = 1] = (host?.dataset.camera ?? '').split(',').map(Number);
        const rects = [...document.querySelectorAll('[data-card]')].map((card) =>
          (card.getAttribute('data-rect') ?? '').split(',').map(Number)
        );
        const points = rects.map(([cx = 0, cy = 0, w = across, h = down]) => ({
          x: box.x + (cx + w / 2 - left) * zoom,
          y: box.y + (cy + h / 2 - top) * zoom
        }));
        return points.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))[0];
      },
      [point.x, point.y, width, height] as const
    );
    return at ?? point;
  }
}

/** A turn moves one card in sight from its cell to the next and back. */
async function mover(program: Program, visitor: Visitor, map: string, count: number) {
  const peer = await join(program.url, visitor, map);
  const { stages, lanes } = sizeOf(count);
  const [stage, lane] = [Math.floor(stages / 2), Math.floor(lanes / 2)];
  const card = peer.doc.getMap<Map<string, unknown>>('cards').get(`c${(stage * lanes + lane) * 8}`);
  if (card === undefined) throw new Error('no card to move');
  return {
    move: (turn: number) => card.set('stage', `s${stage + (turn % 2)}`),
    end: () => peer.close()
  };
}

async function round(program: Program, visitor: Visitor, maps: Maps, count: number): Promise<Figures> {
  const executablePath = findChromium();
  const browser: Browser = await chromium.launch({
    args: ARGS,
    ...(executablePath === undefined ? {} : { executablePath })
  });
  try {
    const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 1 });
    const cookie = visitor.headers.cookie ?? '';
    const [name = '', value = ''] = cookie.split('=', 2);
    await context.addCookies([{ name, value, url: program.url }]);
    const address = (id: string) => `${program.url}/maps/${id}`;
    const empty = await Bench.open(context, address(maps.empty), 0);
    await empty.bench.page.close();
    const id = maps.seeded.get(count) ?? '';
    const { bench, ms, cpu } = await Bench.open(context, address(id), count);
    const figures: Figures = {
      load: {
        figure: (ms - empty.ms) / 1000,
        more: `${ms.toFixed(0)} ms less ${empty.ms.toFixed(0)} of an empty board; ${(cpu - empty.cpu).toFixed(0)} ms of the main thread`
      },
      heap: { figure: await bench.heap(), more: '' }
    };
    const light = await context.newPage();
    const { kB, files } = await transferOf(light, address(maps.empty));
    figures.transfer = { figure: kB, more: `${files} files` };
    await light.close();
    if (wanted('overview')) Object.assign(figures, await bench.pan('overview'));
    if (wanted('work')) Object.assign(figures, await bench.pan('work'));
    if (wanted('zoom')) Object.assign(figures, await bench.zoom());
    if (wanted('drag')) {
      const { move, end } = await mover(program, visitor, id, count);
      Object.assign(figures, await bench.drag(move));
      end();
    }
    if (wanted('all')) Object.assign(figures, await bench.all());
    return figures;
  } finally {
    await browser.close();
  }
}

interface Maps {
  readonly empty: string;
  readonly seeded: ReadonlyMap<number, string>;
}

const folder = temporaryData();
const program = await startProgram(folder);
const visitor = new Visitor(program.url);
try {
  const counts = options.cards.split(',').map(Number);
  const seeded = new Map<number, string>();
  const empty = await newMap(program.url, visitor);
  for (const count of counts) seeded.set(count, await seed(program.url, visitor, count));
  for (const count of counts) {
    const rounds: Figures[] = [];
    for (let turn = 0; turn < Number(options.rounds); turn += 1)
      rounds.push(await round(program, visitor, { empty, seeded }, count));
    report(count, rounds);
  }
} finally {
  await program.end('SIGTERM');
  removeData(folder);
}

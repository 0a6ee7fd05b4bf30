import type { CDPSession, Page } from '@playwright/test';

export const VIEWPORT = { width: 1440, height: 900 } as const;

/** What the script below leaves on the page. */
export interface Recorder {
  start(selector: 'camera' | 'carried'): void;
  /** How many frames showed something else than the frame before. */
  stop(): Promise<number>;
  /** Resolves with the time (ms since navigation) of the last busy moment before half a second without one. */
  opened(cards: number): Promise<number>;
  settled(): Promise<void>;
  /** Moves the view with wheel events: the board point at the middle of the canvas, pixels per unit. */
  look(x: number, y: number, zoom: number): Promise<void>;
}

/** Runs in the page before its own scripts. */
export function record(): void {
  const BUSY = 50; // ms: a frame longer than this is work
  const QUIET = 500;
  const tasks: number[] = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push(startTime + duration);
  }).observe({ type: 'longtask', buffered: true });
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const host = () => document.querySelector<HTMLElement>('[data-testid="board"]');
  let run: { of: 'camera' | 'carried'; last: string; shown: number } | null = null;
  const look = (): void => {
    if (run === null) return;
    const now = host()?.dataset[run.of] ?? '';
    if (now !== run.last) run.shown += 1;
    run.last = now;
    requestAnimationFrame(look);
  };
  const quiet = async (): Promise<number> => {
    let busy = performance.now();
    let before = busy;
    for (;;) {
      await frame();
      const now = performance.now();
      if (now - before > BUSY) busy = now;
      before = now;
      busy = Math.max(busy, tasks.at(-1) ?? 0);
      if (now - busy > QUIET) return busy;
    }
  };
  const wheel = (init: WheelEventInit): void => {
    const { width, height } = host()?.getBoundingClientRect() ?? new DOMRect();
    const box = host()?.getBoundingClientRect() ?? new DOMRect();
    host()?.dispatchEvent(
      new WheelEvent('wheel', {
        clientX: box.x + width / 2,
        clientY: box.y + height / 2,
        bubbles: true,
        cancelable: true,
        ...init
      })
    );
  };
  const camera = () => (host()?.dataset.camera ?? '0,0,1').split(',').map(Number);
  const recorder: Recorder = {
    start(of) {
      run = { of, last: host()?.dataset[of] ?? '', shown: 0 };
      requestAnimationFrame(look);
    },
    async stop() {
      await frame();
      await frame();
      const shown = run?.shown ?? 0;
      run = null;
      return shown;
    },
    async opened(cards) {
      const saved = () => document.querySelector('[data-testid="save-state"]')?.textContent?.trim() ?? '';
      while (!(
        host()?.dataset.cards === String(cards) &&
        host()?.querySelector('canvas') &&
        /^Saved/.test(saved())
      ))
        await frame();
      return quiet();
    },
    async settled() {
      await quiet();
    },
    async look(x, y, zoom) {
      const wanted = () => zoom / (camera()[2] ?? 1);
      for (let turn = 0; turn < 40 && Math.abs(Math.log(wanted())) > 1e-4; turn += 1) {
        wheel({ ctrlKey: true, deltaY: Math.max(-40, Math.min(40, -100 * Math.log(wanted()))) });
        await frame();
        await frame();
      }
      const [left = 0, top = 0, now = 1] = camera();
      const { width, height } = host()?.getBoundingClientRect() ?? new DOMRect();
      wheel({ deltaX: (x - left) * now - width / 2, deltaY: (y - top) * now - height / 2 });
      await quiet();
    }
  };
  Object.assign(window, { recorder });
}

declare global {
  interface Window {
    recorder: Recorder;
  }
}

/** Real input: the browser's own gestures for wheel and pinch, a mouse of 125 Hz for drags. */
export class Hands {
  readonly #cdp: CDPSession;

  constructor(cdp: CDPSession) {
    this.#cdp = cdp;
  }

  /** Scrolls right, down, left and up, a quarter of `ms` each, at `speed` px/s. */
  async pan(at: Point, ms: number, speed: number): Promise<void> {
    const way = (speed * ms) / 4000;
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1]
    ] as const)
      await this.#cdp.send('Input.synthesizeScrollGesture', {
        ...at,
        xDistance: -dx * way,
        yDistance: -dy * way,
        speed,
        gestureSourceType: 'mouse',
        preventFling: true
      });
  }

  /** One trackpad pinch by `factor` in about `ms`. The browser makes it 200 px x (scale - 1) long. */
  async pinch(at: Point, factor: number, ms: number): Promise<void> {
    const way = 200 * (Math.max(factor, 1 / factor) - 1);
    await this.#cdp.send('Input.synthesizePinchGesture', {
      ...at,
      scaleFactor: factor,
      relativeSpeed: Math.max(1, Math.round((way * 1000) / ms)),
      gestureSourceType: 'mouse'
    });
  }

  /** Presses at a point and circles around for `ms` without waiting for the page; answers how to let go. */
  async drag(from: Point, ms: number, radius: number): Promise<{ release: () => Promise<void> }> {
    const send = (type: 'mouseMoved' | 'mousePressed' | 'mouseReleased', { x, y }: Point, held: boolean) =>
      this.#cdp.send('Input.dispatchMouseEvent', {
        type,
        x,
        y,
        ...(held ? { button: 'left', buttons: 1, clickCount: 1 } : {})
      });
    const at = (part: number): Point => ({
      x: from.x + radius * Math.sin(part * 4 * Math.PI) + 40 * part,
      y: from.y + radius * 0.6 * (1 - Math.cos(part * 4 * Math.PI))
    });
    await send('mouseMoved', from, false);
    await send('mousePressed', from, true);
    const start = performance.now();
    const sent: Promise<unknown>[] = [];
    const count = Math.round(ms / 8);
    for (let step = 1; step <= count; step += 1) {
      const wait = start + step * 8 - performance.now();
      if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
      sent.push(send('mouseMoved', at(step / count), true));
    }
    await Promise.all(sent);
    return { release: async () => void (await send('mouseReleased', at(1), true)) };
  }
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Script of the page's main thread in ms of its own CPU time, so that other work on the machine hardly counts. */
export const scriptMs = (cdp: CDPSession): Promise<number> => metric(cdp, 'ScriptDuration');

/** All work of the page's main thread, by the same clock. */
export const busyMs = (cdp: CDPSession): Promise<number> => metric(cdp, 'TaskDuration');

async function metric(cdp: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * 1000;
}

/** Bytes of live JavaScript objects. */
export async function heapMB(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.enable');
  for (let turn = 0; turn < 2; turn += 1) await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
}

/** The middle of the board's canvas on the screen. */
export async function middleOf(page: Page): Promise<Point> {
  const box = await page.getByTestId('board').boundingBox();
  if (box === null) throw new Error('the board is not on the screen');
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
}

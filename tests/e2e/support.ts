import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { removeData, startProgram, temporaryData, type Program } from '../support/program.ts';

/** A running server that a test may stop, kill and start again on the same port and data. */
export class Server {
  readonly dataDir = temporaryData();
  #program: Program | undefined;
  #port = '0';

  get program(): Program {
    if (this.#program === undefined) throw new Error('the server is not running');
    return this.#program;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#program = await startProgram(this.dataDir, { PORT: this.#port });
    this.#port = String(this.#program.port);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#program?.end(signal);
    this.#program = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
    removeData(this.dataDir);
  }
}

/** What the browser's console may say without a test failing: the connection that a test itself took away. */
const EXPECTED_NOISE = /WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to load resource/;

/** One person: a browser of their own, with nothing shared with others. */
export class Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page: uncaught exceptions and console errors. */
  readonly errors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED_NOISE.test(message.text()))
        this.errors.push(message.text());
    });
  }

  static async enter(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Person> {
    const context = await browser.newContext(options);
    return new Person(context, await context.newPage());
  }

  /** Goes to an address and waits until the page answers to clicks. */
  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('html[data-hydrated]').waitFor();
  }

  /** Waits until a board is drawn with everything that the server has, and shows all of it. */
  async onBoard(): Promise<void> {
    await this.page.waitForURL(/\/maps\/[0-9a-f-]{36}/);
    await this.page.getByTestId('board').locator('canvas').first().waitFor();
    await expect(this.page.getByTestId('save-state')).toHaveText(/Saved|View only/);
    await this.page.keyboard.press('Shift+1');
    await this.page.waitForFunction(
      () => {
        const seen = (window as unknown as { seen?: { camera?: string | undefined; frames: number } })
          .seen ?? {
          frames: 0
        };
        Object.assign(window, { seen });
        const now = document.querySelector<HTMLElement>('[data-testid="board"]')?.dataset.camera;
        seen.frames = now === seen.camera ? seen.frames + 1 : 0;
        seen.camera = now;
        return seen.frames > 5;
      },
      undefined,
      { polling: 'raf' }
    );
  }
}

/** Where something of the outline is on the screen, from its board rectangle and the board's camera. */
export async function placeOf(
  person: Person,
  selector: string
): Promise<{ x: number; y: number; width: number; height: number }> {
  const board = person.page.getByTestId('board');
  const target = person.page.getByTestId('outline').locator(selector);
  await expect(target).toHaveAttribute('data-rect', /,/);
  const [x = 0, y = 0, width = 0, height = 0] = numbers(await target.getAttribute('data-rect'));
  const [left = 0, top = 0, zoom = 1] = numbers(await board.getAttribute('data-camera'));
  const host = await board.boundingBox();
  if (host === null) throw new Error('the board is not on the screen');
  return {
    x: host.x + (x - left) * zoom,
    y: host.y + (y - top) * zoom,
    width: width * zoom,
    height: height * zoom
  };
}

const numbers = (text: string | null) => (text ?? '').split(',').map(Number);

/** The middle of something of the outline, on the screen. */
export async function middleOf(person: Person, selector: string): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = await placeOf(person, selector);
  return { x: x + width / 2, y: y + height / 2 };
}

/** The selector of the card that holds a text. */
export async function cardWith(person: Person, text: string): Promise<string> {
  const card = person.page.getByTestId('outline').locator('[data-card]', { hasText: text });
  await card.waitFor({ state: 'attached' });
  return `[data-card="${(await card.getAttribute('data-card')) ?? ''}"]`;
}

/** Ann opens the example, names herself and makes a link; Ben comes by it. */
export async function annAndBen(
  server: Server,
  browser: Browser,
  right: 'edit' | 'view'
): Promise<{ ann: Person; ben: Person }> {
  const ann = await Person.enter(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await ann.goto(server.url);
  await ann.page.getByRole('button', { name: 'Open the example' }).click();
  await ann.onBoard();
  const link = await shareLink(ann, right);
  const ben = await Person.enter(browser);
  await ben.goto(link);
  await ben.page.getByLabel(/name/i).fill('Ben');
  await ben.page.getByRole('main').getByRole('button').click();
  await ben.onBoard();
  return { ann, ben };
}

export async function shareLink(owner: Person, right: 'edit' | 'view'): Promise<string> {
  const { page } = owner;
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  // Whoever has no name yet is asked for it before others come.
  await dialog.getByLabel('Your name').fill('Ann');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.locator('label', { hasText: right === 'edit' ? 'Can edit' : 'Can view' }).click();
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const field = dialog.getByLabel('Address of the new link');
  await expect(field).toHaveValue(/\/s\/[A-Za-z0-9_-]{43}$/);
  const link = await field.inputValue();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  return link;
}

export const test = base.extend<{ server: Server }>({
  // Playwright wants a destructured first argument, also where nothing is taken from it.
  server: async ({ browserName: _ }, use) => {
    await using server = new Server();
    await server.start();
    await use(server);
  }
});

export { expect };

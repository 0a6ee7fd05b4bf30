import { Person, expect, middleOf, test } from './support.ts';

const addCard = async (person: Person, cell: string, text: string) => {
  const { x, y } = await middleOf(person, `[data-cell="${cell}"]`);
  await person.page.mouse.click(x, y);
  await person.page.keyboard.press('Enter');
  await person.page.locator('textarea:focus').waitFor();
  await person.page.keyboard.type(text);
  await person.page.keyboard.press('Escape');
  await expect(person.page.getByTestId('outline').locator('[data-card]', { hasText: text })).toHaveCount(1);
};

const start = async (person: Person, url: string) => {
  await person.goto(url);
  await person.page.getByRole('button', { name: 'Start a map' }).click();
  await person.onBoard();
};

test('a reload and a restart of the server keep everything', async ({ server, browser }) => {
  const ann = await Person.enter(browser);
  await start(ann, server.url);
  await addCard(ann, 'actions/awareness', 'I see a poster');
  await expect(ann.page.getByTestId('save-state')).toHaveText(/^Saved/);
  await ann.page.reload();
  await ann.onBoard();
  const card = ann.page.getByTestId('outline').locator('[data-card]', { hasText: 'I see a poster' });
  await expect(card).toHaveCount(1);
  await server.stop();
  await server.start();
  // A person without a local copy: what they see came from the server's disk.
  const state = await ann.context.storageState();
  const elsewhere = await Person.enter(browser, { storageState: { cookies: state.cookies, origins: [] } });
  await elsewhere.page.goto(ann.page.url());
  await elsewhere.onBoard();
  await expect(
    elsewhere.page.getByTestId('outline').locator('[data-card]', { hasText: 'I see a poster' })
  ).toHaveCount(1);
});

test('rule 8: a killed server: the save state counts what is only on this device; it survives a reload and arrives', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await start(ann, server.url);
  const state = ann.page.getByTestId('save-state');
  await expect(state).toHaveText(/^Saved/);
  await server.stop('SIGKILL');
  await expect(state).toHaveText(/Offline/);
  await addCard(ann, 'actions/awareness', 'I wrote this offline');
  await expect(state).toHaveText(/Offline: \d+ changes? only on this device/);

  // The page itself needs the server, which comes back without the map's socket: everything but /sync is served.
  await server.start();
  await ann.page.route('**/sync/**', (route) => route.abort());
  await ann.page.routeWebSocket(/\/sync\//, (socket) => socket.close({ code: 1013, reason: 'not yet' }));
  await ann.page.reload();
  await ann.page.getByTestId('board').locator('canvas').first().waitFor();
  await expect(
    ann.page.getByTestId('outline').locator('[data-card]', { hasText: 'I wrote this offline' })
  ).toHaveCount(1);
  await expect(state).toHaveText(/Offline: \d+ changes? only on this device/);

  await ann.page.unrouteAll();
  const copy = await ann.context.newPage();
  await copy.goto(ann.page.url());
  await expect(copy.getByTestId('save-state')).toHaveText(/^Saved/);
  const cookies = (await ann.context.storageState()).cookies;
  const elsewhere = await Person.enter(browser, { storageState: { cookies, origins: [] } });
  await elsewhere.page.goto(ann.page.url());
  await elsewhere.onBoard();
  await expect(
    elsewhere.page.getByTestId('outline').locator('[data-card]', { hasText: 'I wrote this offline' })
  ).toHaveCount(1);
});

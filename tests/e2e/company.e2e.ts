import { annAndBen, cardWith, expect, middleOf, placeOf, test, type Person } from './support.ts';

const camera = (person: Person) => person.page.getByTestId('board').getAttribute('data-camera');

/** The board point in the middle of somebody's view. */
async function middle(person: Person): Promise<{ x: number; y: number }> {
  const [x = 0, y = 0, zoom = 1] = ((await camera(person)) ?? '').split(',').map(Number);
  const box = await person.page.getByTestId('board').boundingBox();
  return { x: x + (box?.width ?? 0) / zoom / 2, y: y + (box?.height ?? 0) / zoom / 2 };
}

const sameMiddle = (one: Person, other: Person) =>
  expect
    .poll(async () => {
      const [a, b] = [await middle(one), await middle(other)];
      return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    })
    .toBeLessThan(8);

async function say(person: Person, text: string): Promise<void> {
  // Letters typed at the bar above are not meant for the board.
  await person.page.getByTestId('board').focus();
  await person.page.keyboard.press('Shift+C');
  await person.page.getByLabel('Say something at your cursor').fill(text);
}

test('people follow, bring and hear each other, and see what the other carries', async ({
  server,
  browser
}) => {
  const { ann, ben } = await annAndBen(server, browser, 'edit');
  const board = (person: Person) => person.page.getByTestId('board');
  const frame = ben.page.getByTestId('following');
  const said = ben.page.getByTestId('said');
  await board(ann).hover();

  await test.step('P54 they have two colours', async () => {
    const colors = await ben.page
      .getByTestId('people')
      .locator('.avatar')
      .evaluateAll((avatars) => avatars.map((avatar) => getComputedStyle(avatar).backgroundColor));
    expect(colors).toHaveLength(2);
    expect(new Set(colors).size).toBe(2);
  });

  await test.step('a click on somebody shows their view and goes with it', async () => {
    await ben.page.getByRole('button', { name: 'Follow Ann' }).click();
    await expect(frame).toContainText('Following Ann');
    await ann.page.mouse.wheel(180, 120);
    await sameMiddle(ann, ben);
    await ann.page.keyboard.press('Control+0');
    await sameMiddle(ann, ben);
  });

  await test.step('Escape ends it, and so does moving the own view', async () => {
    await board(ben).focus();
    await ben.page.keyboard.press('Escape');
    await expect(frame).toHaveCount(0);
    const before = await camera(ben);
    await ann.page.mouse.wheel(200, 0);
    await say(ann, 'I have moved');
    await expect(said).toHaveText('Ann: I have moved');
    expect(await camera(ben)).toBe(before);
    await ann.page.keyboard.press('Escape');
    await expect(said).toHaveText('');

    await ben.page.getByRole('button', { name: 'Follow Ann' }).click();
    await sameMiddle(ann, ben);
    await board(ben).hover();
    await ben.page.mouse.wheel(0, 150);
    await expect(frame).toHaveCount(0);
  });

  await test.step('who is asked to come may stay, or go there', async () => {
    const call = ben.page.getByTestId('call');
    const bring = async () => {
      await ann.page.getByRole('button', { name: 'You and the others' }).click();
      await ann.page.getByRole('menuitem', { name: 'Bring everyone here' }).click();
    };
    await bring();
    await expect(call).toContainText('Ann asks everybody to come');
    const before = await camera(ben);
    await call.getByRole('button', { name: 'Stay here' }).click();
    await expect(call).toHaveCount(0);
    expect(await camera(ben)).toBe(before);
    await expect(frame).toHaveCount(0);
    await bring();
    await call.getByRole('button', { name: 'Go there' }).click();
    await expect(frame).toBeVisible();
    await sameMiddle(ann, ben);
    await expect(ann.page.getByTestId('calling')).toContainText('1 here so far');
    await ann.page.getByRole('button', { name: 'Stop asking' }).click();
    await frame.getByRole('button', { name: 'Stop' }).click();
    await expect(frame).toHaveCount(0);
  });

  await test.step('P55 what is said at a cursor is words, whatever it holds', async () => {
    await board(ann).hover();
    await say(ann, '<img src=x onerror=alert(1)> look **here**');
    await expect(said).toHaveText('Ann: <img src=x onerror=alert(1)> look **here**');
    await expect(said.locator('img')).toHaveCount(0);
    await ann.page.keyboard.press('Escape');
    await expect(said).toHaveText('');
  });

  await test.step('a card that is carried is seen where it is; dropped back, nothing has changed', async () => {
    await ben.page.getByRole('button', { name: 'You and the others' }).click();
    await ben.page.getByRole('menuitemradio', { name: 'Show the cursors of others' }).click();
    await ann.page.keyboard.press('Shift+1');
    await board(ben).focus();
    await ben.page.keyboard.press('Shift+1');
    const card = await cardWith(ann, 'I sign up with my work');
    const from = await middleOf(ann, card);
    const to = await middleOf(ann, '[data-cell="actions/at-risk"]');
    await ann.page.mouse.click(from.x, from.y);
    await ann.page.mouse.move(from.x, from.y);
    const cell = await placeOf(ben, '[data-cell="actions/at-risk"]');
    const look = async () => (await ben.page.screenshot({ clip: cell })).toString('base64');
    // The selection's outline has arrived, and nothing moves any more.
    await expect.poll(async () => (await look()) === (await look())).toBe(true);
    const empty = await look();
    await ann.page.mouse.down();
    await ann.page.mouse.move(to.x, to.y, { steps: 6 });
    await expect.poll(async () => (await look()) === empty).toBe(false);
    await ann.page.keyboard.press('Escape');
    await ann.page.mouse.up();
    await expect.poll(async () => (await look()) === empty).toBe(true);
    await expect(ben.page.getByTestId('outline').locator(`[data-cell="actions/signup"] ${card}`)).toHaveCount(
      1
    );
  });
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});

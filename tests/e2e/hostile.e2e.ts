import type { Page } from '@playwright/test';
import { CORPUS, hostileFile } from '../support/hostile.ts';
import { expect, middleOf, Person, test } from './support.ts';

// The recorder of traces puts scripts of its own into the page, which its policy reports.
test.use({ trace: 'off' });

interface Struck {
  readonly reports: string[];
  readonly dialogs: string[];
  readonly fetched: string[];
}

/** Hears of everything that the words of a map could bring about. */
async function watched(person: Person): Promise<Struck> {
  const struck: Struck = { reports: [], dialogs: [], fetched: [] };
  const { page } = person;
  await page.exposeFunction('toldOfPolicy', (report: string) => struck.reports.push(report));
  await page.addInitScript(() => {
    const told = (window as unknown as { toldOfPolicy: (report: string) => void }).toldOfPolicy;
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      told(`${violatedDirective} ${blockedURI} ${sample}`)
    );
  });
  page.on('dialog', (dialog) => {
    struck.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().includes('struck')) struck.fetched.push(request.url());
  });
  return struck;
}

/** What of the corpus has become more than words on the page. */
const harm = (page: Page) =>
  page.evaluate(() => ({
    struck: (window as unknown as { struck?: number }).struck ?? null,
    elements: [
      ...document.querySelectorAll(
        'img[src="/struck"], img[src="x"], iframe, object, embed, base, meta[http-equiv="refresh"], [onload], [onerror], [onclick], [onfocus], [onmouseover], [ontoggle], form[action="/struck"], math, animate'
      )
    ].map((element) => element.outerHTML.slice(0, 200)),
    addresses: [...document.querySelectorAll('[href], [src], [action]')]
      .flatMap((element) => ['href', 'src', 'action'].map((name) => element.getAttribute(name) ?? ''))
      .filter((address) => /^[\s\p{Cc}]*(java\s*script|data:text|vbscript)/iu.test(address))
  }));
const NONE = { struck: null, elements: [], addresses: [] };

test('a map full of hostile words opens under the strict policy: nothing runs, nothing is fetched, nothing is reported', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  const struck = await watched(ann);
  const { page } = ann;
  await ann.goto(server.url);
  await page.getByRole('button', { name: 'Open the example' }).click();
  await ann.onBoard();
  // As a person's own map, by the API that their page speaks to.
  const made = await page.evaluate(async (map) => {
    const answer = await fetch('/api/v1/maps', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ map })
    });
    return { status: answer.status, body: (await answer.json()) as { id: string } };
  }, hostileFile());
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const map = `/maps/${made.body.id}`;
  await ann.goto(server.url + map);
  await ann.onBoard();
  await expect(page.getByTestId('board')).toHaveAttribute('data-cards', String(CORPUS.length));
  expect(await harm(page)).toEqual(NONE);

  // The outline says the words as words.
  const [first = '', second = ''] = CORPUS;
  await expect(page.getByTestId('outline').locator('[data-card="c0"]')).toContainText(first);
  expect(await page.getByTestId('outline').locator('script, img, svg, iframe').count()).toBe(0);

  // The text field over a card, and the details beside it.
  const place = await middleOf(ann, '[data-card="c1"]');
  await page.mouse.dblclick(place.x, place.y);
  await expect(page.locator('textarea:focus')).toHaveValue(second);
  await page.keyboard.type(' <img src=/struck onerror=window.struck=1>');
  await page.keyboard.press('Escape');
  for (const tab of ['Details', 'CLV', 'Opportunities', 'Comments', 'History']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
    expect(await harm(page)).toEqual(NONE);
  }
  // A comment and the name of a version, as the API takes them.
  const said = await page.evaluate(
    async ({ id, words }) => {
      const send = (path: string, body: object) =>
        fetch(`/api/v1/maps/${id}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body)
        }).then((answer) => answer.status);
      const statuses: number[] = [];
      for (const text of words) statuses.push(await send('/comments', { anchor: 'map', text, mentions: [] }));
      statuses.push(await send('/versions', { name: words[2]?.slice(0, 100), reason: words[3] }));
      return statuses;
    },
    {
      id: made.body.id,
      words: CORPUS.filter((text) => text.length < 500 && !text.includes('\u0000')).slice(0, 14)
    }
  );
  expect(said.filter((status) => status === 201).length).toBeGreaterThan(12);
  await page.getByRole('tab', { name: 'Comments' }).click();
  await expect(page.getByText('<script>window.struck=1</script>', { exact: true }).first()).toBeVisible();
  expect(await harm(page)).toEqual(NONE);
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByText('<img src=/struck onerror="window.struck=1">').first()).toBeVisible();
  expect(await harm(page)).toEqual(NONE);

  // The page to print, the list of maps, and the address of the map in the title.
  for (const address of [`${map}/clv`, '/maps']) {
    await ann.goto(server.url + address);
    await page.getByRole('heading').first().waitFor();
    expect(await harm(page)).toEqual(NONE);
  }
  expect(struck).toEqual({ reports: [], dialogs: [], fetched: [] });
  expect(ann.errors).toEqual([]);

  // Had any of them become more than words, it would have been seen.
  await page.evaluate(() =>
    document.body.insertAdjacentHTML('beforeend', '<img src="/struck" onerror="window.struck=1">')
  );
  await expect.poll(() => [struck.reports.length > 0, struck.fetched.length > 0]).toEqual([true, true]);
  expect((await harm(page)).elements).toHaveLength(1);
});

import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

/** JS and CSS, gzipped, that a board's page fetches until it says that it is saved: until it can be edited. */
export async function transferOf(page: Page, url: string): Promise<{ kB: number; files: number }> {
  const bodies = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => {
    if (/\.(js|css)(\?|$)/.test(response.url()))
      bodies.set(
        response.url(),
        response.body().catch(() => Buffer.alloc(0))
      );
  });
  // By the page's own clock: what is fetched right after "saved" must not slip in while this process looks.
  await page.addInitScript(() => {
    new MutationObserver((_records, observer) => {
      const state = document.querySelector('[data-testid="save-state"]');
      if (!state?.textContent?.trim().startsWith('Saved')) return;
      Object.assign(window, { savedAt: performance.now() });
      observer.disconnect();
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await page.goto(url);
  await page
    .getByTestId('save-state')
    .getByText(/^Saved/)
    .waitFor();
  const before = await page.evaluate(() => {
    const { savedAt } = window as unknown as { savedAt: number };
    const fetched = performance.getEntriesByType('resource');
    return fetched.filter(({ startTime }) => startTime < savedAt).map(({ name }) => name);
  });
  const sizes = await Promise.all(
    before.flatMap((name) => bodies.get(name) ?? []).map(async (body) => gzipSync(await body).length)
  );
  return { kB: sizes.reduce((sum, length) => sum + length, 0) / 1024, files: sizes.length };
}

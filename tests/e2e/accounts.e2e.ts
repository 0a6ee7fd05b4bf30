import AxeBuilder from '@axe-core/playwright';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Person, expect, test } from './support.ts';

const PASSWORD = 'correct horse battery staple';
const NEXT = 'another horse, other staple';
const root = fileURLToPath(new URL('../../', import.meta.url));

test('a guest makes an account, signs in elsewhere with their maps, changes the password and signs out everywhere', async ({
  server,
  browser
}) => {
  const ann = await Person.enter(browser);
  await ann.goto(server.url);
  await ann.page.getByRole('button', { name: 'Start a map' }).click();
  await ann.onBoard();
  const map = new URL(ann.page.url()).pathname;

  await ann.goto(`${server.url}/sign-up?to=//evil.example`);
  await ann.page.getByLabel('Your name').fill('Ann');
  await ann.page.getByLabel('E-mail address').fill('ann@example.org');
  await ann.page.getByLabel('Password').fill('passwordpassword');
  await ann.page.getByRole('button', { name: 'Make the account' }).click();
  await expect(ann.page.getByRole('alert')).toContainText('among the first that somebody would try');
  await expect(ann.page.getByLabel('E-mail address')).toHaveValue('ann@example.org');
  await ann.page.getByLabel('Password').fill(PASSWORD);
  await ann.page.getByRole('button', { name: 'Make the account' }).click();
  // A way on that leads to another site is not taken.
  await ann.page.waitForURL(`${server.url}/maps`);
  await expect(ann.page.locator('main li')).toHaveCount(1);

  // Another device: a wrong password tells nothing, the right one brings what was begun there as a guest.
  const phone = await Person.enter(browser, { viewport: { width: 390, height: 844 } });
  await phone.goto(server.url);
  await phone.page.getByRole('button', { name: 'Start a map' }).click();
  await phone.onBoard();
  await phone.goto(`${server.url}/sign-in?to=${map}`);
  expect((await new AxeBuilder({ page: phone.page }).analyze()).violations).toEqual([]);
  await phone.page.getByLabel('E-mail address').fill('Ann@Example.org');
  await phone.page.getByLabel('Password').fill('not the right one at all');
  await phone.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(phone.page.getByRole('alert')).toHaveText('That address and password do not belong together.');
  await phone.page.getByLabel('Password').fill(PASSWORD);
  await phone.page.getByRole('button', { name: 'Sign in' }).click();
  await phone.onBoard();
  expect(new URL(phone.page.url()).pathname).toBe(map);
  await phone.goto(`${server.url}/maps`);
  await expect(phone.page.locator('main li')).toHaveCount(2);

  // A new password on one device ends the other's session, also on its open board.
  await phone.goto(`${server.url}${map}`);
  await phone.onBoard();
  await ann.goto(`${server.url}/account`);
  expect((await new AxeBuilder({ page: ann.page }).analyze()).violations).toEqual([]);
  await ann.page.getByLabel('Password now').fill(PASSWORD);
  await ann.page.getByLabel('New password').fill(NEXT);
  await ann.page.getByRole('button', { name: 'Change the password' }).click();
  await expect(ann.page.getByRole('status').filter({ hasText: 'signed out' })).toBeVisible();
  await expect(phone.page.getByTestId('save-state')).not.toHaveText('Saved on the server');
  await phone.goto(`${server.url}/account`);
  await phone.page.waitForURL(/\/sign-in\?to=\/account$/);

  await ann.goto(`${server.url}/account`);
  await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await ann.page.waitForURL(`${server.url}/`);
  await ann.goto(`${server.url}/maps`);
  await expect(ann.page.locator('main li')).toHaveCount(0);

  // The password is forgotten: a one-time link of the operator's works once.
  const made = spawnSync(
    'npm',
    ['run', '--silent', 'admin', '--', 'user', 'reset', '--email', 'ann@example.org'],
    {
      cwd: root,
      env: { ...process.env, DATA_DIR: server.dataDir, ORIGIN: server.url },
      encoding: 'utf8'
    }
  );
  const link = made.stdout.trim();
  expect(link).toMatch(/\/reset\/[\w-]{43}$/);
  await ann.goto(link);
  await ann.page.getByLabel('New password').fill(PASSWORD);
  await ann.page.getByRole('button', { name: 'Set the password' }).click();
  await ann.page.waitForURL(`${server.url}/maps`);
  const again = await ann.page.goto(link);
  expect(again?.status()).toBe(404);
  expect(again?.headers()['referrer-policy']).toBe('no-referrer');

  // The end of the account says first what becomes of its maps.
  await ann.goto(`${server.url}/account`);
  await ann.page.getByText('Delete the account').click();
  await expect(ann.page.getByText('have nobody else to keep them and are deleted')).toBeVisible();
  await ann.page.getByLabel('Your password').fill(PASSWORD);
  await ann.page.getByRole('button', { name: 'Delete my account for good' }).click();
  await ann.page.waitForURL(`${server.url}/`);
  expect((await ann.page.goto(`${server.url}${map}`))?.status()).toBe(404);
  expect(ann.errors).toEqual([]);
  expect(phone.errors).toEqual([]);
});

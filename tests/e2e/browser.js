// Finds a Chromium for the browser tests, or brings one: by apt-get as root on Debian, by Playwright elsewhere.
// Prints its path; exported for playwright.config.ts.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** @param {string} command */
const onPath = (command) => {
  const found = spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
};

/** @returns {string | undefined} the path of an installed Chromium or Chrome */
export const findChromium = () =>
  [process.env.CHROMIUM_PATH, onPath('chromium'), onPath('chromium-browser'), onPath('google-chrome')].find(
    (path) => path !== undefined && path !== '' && existsSync(path)
  );

function bring() {
  const debian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  console.log(`No Chromium found; installing one ${debian ? 'with apt-get' : 'with Playwright'} ...`);
  if (debian) {
    /** @type {import('node:child_process').ExecFileSyncOptions} */
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    };
    execFileSync('apt-get', ['update', '-qq'], quiet);
    execFileSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-color-emoji'],
      quiet
    );
  } else {
    execFileSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit' });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href && findChromium() === undefined) bring();

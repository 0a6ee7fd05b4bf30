// Plain JavaScript, so that a running server does not pay for type stripping.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const SOURCES = [
  'src',
  'server',
  'static',
  'package.json',
  'package-lock.json',
  'svelte.config.js',
  'vite.config.ts'
];

/** @param {string} path @returns {number} the newest change below `path`, in ms since 1970 */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

/** Builds when there is no build, or when the sources (where they are shipped) are newer than it. */
export function build() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 24 || (major === 24 && minor < 15)) {
    console.error(
      `Meander needs Node 24.15 or newer and found ${process.version}. Start it through npm after "npm ci", which brings its own.`
    );
    process.exit(1);
  }
  const entry = `${root}build/server-main.js`;
  const stale = () =>
    existsSync(`${root}src`) &&
    Math.max(...SOURCES.map((source) => newest(root + source))) > statSync(entry).mtimeMs;
  if (existsSync(entry) && !stale()) return;
  console.error('Building Meander (some ten seconds, only after a change) ...');
  const built = spawnSync('npm', ['run', 'build'], { cwd: root, encoding: 'utf8' });
  if (built.status === 0) return;
  console.error(`${built.stdout}\n${built.stderr}`);
  process.exit(built.status ?? 1);
}

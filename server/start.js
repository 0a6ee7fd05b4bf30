// `npm start`: build when there is no build or the sources are newer, then run it. Plain JavaScript, so that the
// running process does not pay for type stripping.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `Meander needs Node 24.15 or newer and found ${process.version}. Start it with "npm start" after "npm ci", which brings its own.`
  );
  process.exit(1);
}

const root = fileURLToPath(new URL('../', import.meta.url));
const entry = `${root}build/server-main.js`;
const sources = ['src', 'server', 'static', 'package.json', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'];

/** @param {string} path @returns {number} the newest change below `path`, in ms since 1970 */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

if (!existsSync(entry) || (existsSync(`${root}src`) && Math.max(...sources.map((s) => newest(root + s))) > statSync(entry).mtimeMs)) {
  console.log('Building Meander (about ten seconds, only after a change) ...');
  const built = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
await import(entry);

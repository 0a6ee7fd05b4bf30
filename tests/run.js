// `npm test`: every test there is, unit to browser, and one closing line that counts them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const results = `${root}test-results`;
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

/** @param {string} command @param {string[]} args */
const run = (command, args) => {
  console.log(`\n> ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
};

/** @template T @param {string} file @returns {T | undefined} */
const report = (file) => {
  try {
    return JSON.parse(readFileSync(`${results}/${file}`, 'utf8'));
  } catch {
    return undefined;
  }
};

// The fault and browser tests run the built program, so the build comes first.
const built = run('npm', ['run', '--silent', 'build']);
const unit =
  built &&
  run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    '--outputFile.json=test-results/unit.json'
  ]);
const browser = built && run('npm', ['run', '--silent', 'test:e2e']);

/** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number } | undefined} */
const unitReport = report('unit.json');
/** @type {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } } | undefined} */
const browserReport = report('e2e.json');
const stats = browserReport?.stats;

const passed = (unitReport?.numPassedTests ?? 0) + (stats?.expected ?? 0);
const failed = (unitReport?.numFailedTests ?? 0) + (stats?.unexpected ?? 0) + (stats?.flaky ?? 0);
const skipped = (unitReport?.numPendingTests ?? 0) + (stats?.skipped ?? 0);
const complete = unitReport !== undefined && stats !== undefined && passed > 0;

if (!built) console.log('\nThe build failed; no test ran.');
else if (!complete) console.log('\nOne of the two runs left no report.');
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(unit && browser && complete && failed === 0 ? 0 : 1);

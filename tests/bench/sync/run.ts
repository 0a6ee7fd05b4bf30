/**
 * The sync server under load: this process holds the clients, the built server is another one. Prints each figure beside
 * its goal, and what else the machine was busy with; asserts nothing.
 *
 *   npm run build && node tests/bench/sync/run.ts [load hot burst storm join idle cold] [--seconds 15]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '15' } }
});
const chosen = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
for (const name of chosen) {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
  console.log(`\n${name}: ${scenario.title} (load of the machine ${loadavg()[0]?.toFixed(1)})`);
  for (const { what, value, unit, goal } of await scenario.run(Number(values.seconds))) {
    const shown = value.toFixed(value < 10 ? 1 : 0).padStart(9);
    const verdict = goal === null ? '' : `goal ${goal} ${unit}${value > goal ? '   MISSED' : ''}`;
    console.log(`  ${what.padEnd(44)}${shown} ${unit.padEnd(12)}${verdict}`);
  }
}

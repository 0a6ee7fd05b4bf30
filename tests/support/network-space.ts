import { spawnSync } from 'node:child_process';

/** No machine has this address; frames to it are dropped in silence. */
const NOBODY = '02:00:00:00:00:99';

const run = (command: string, ...words: string[]): void => {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr || String(error)}`);
};

/** One of the ways from a node's own network to the test's: a pair of cards with an address each. */
export interface Way {
  /** The test's end, and the node's. */
  readonly here: string;
  readonly there: string;
  /** Drops what goes in that direction in silence, as a broken switch would: no connection hears of it. */
  drop(direction: 'in' | 'out' | 'both'): void;
  mend(): void;
}

export interface NetworkSpace {
  /** What stands before a command that is to run in it. */
  readonly prefix: readonly string[];
  readonly ways: { readonly database: Way; readonly bus: Way; readonly people: Way };
  remove(): void;
}

/** True where this process may make network namespaces. Says why not in one line. */
export function canMakeNetworks(): boolean {
  const name = `mdr${process.pid}`;
  const { status, error, stderr } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (status === 0) {
    run('ip', 'netns', 'del', name);
    return true;
  }
  console.log(
    `Network namespaces cannot be made (${error ? 'there is no "ip"' : stderr.trim()}): F10 is skipped`
  );
  return false;
}

/** A network of its own for one node, with three ways out. `index` 0 to 80 tells several of one process apart. */
export function makeNetwork(index: number): NetworkSpace {
  const name = `mdr${process.pid}-${index}`;
  const inside = ['netns', 'exec', name, 'ip'];
  run('ip', 'netns', 'add', name);
  run('ip', ...inside, 'link', 'set', 'lo', 'up');
  const way = (slot: number): Way => {
    const card = `m${process.pid}${index}${slot}`.slice(-12);
    const net = `10.${180 + (process.pid % 60)}.${index * 3 + slot}`;
    const [here, there] = [`${net}.1`, `${net}.2`];
    run('ip', 'link', 'add', `${card}a`, 'type', 'veth', 'peer', 'name', `${card}b`);
    run('ip', 'link', 'set', `${card}b`, 'netns', name);
    run('ip', 'address', 'add', `${here}/24`, 'dev', `${card}a`);
    run('ip', 'link', 'set', `${card}a`, 'up');
    run('ip', ...inside, 'address', 'add', `${there}/24`, 'dev', `${card}b`);
    run('ip', ...inside, 'link', 'set', `${card}b`, 'up');
    const ends = {
      in: ['neigh', 'replace', there, 'lladdr', NOBODY, 'nud', 'permanent', 'dev', `${card}a`],
      out: ['neigh', 'replace', here, 'lladdr', NOBODY, 'nud', 'permanent', 'dev', `${card}b`]
    };
    return {
      here,
      there,
      drop(direction) {
        if (direction !== 'out') run('ip', ...ends.in);
        if (direction !== 'in') run('ip', ...inside, ...ends.out);
      },
      mend() {
        spawnSync('ip', ['neigh', 'del', there, 'dev', `${card}a`]);
        spawnSync('ip', [...inside, 'neigh', 'del', here, 'dev', `${card}b`]);
      }
    };
  };
  return {
    prefix: ['ip', 'netns', 'exec', name],
    ways: { database: way(0), bus: way(1), people: way(2) },
    remove: () => run('ip', 'netns', 'del', name)
  };
}

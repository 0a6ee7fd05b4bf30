import * as Y from 'yjs';
import type { Client } from './client.ts';
import { pace, quantile, sleep, Stage, until } from './stage.ts';

/** A measured figure; without a goal it only tells how the others came about. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
}

interface Scenario {
  readonly title: string;
  /** `seconds`: how long what lasts is measured. */
  readonly run: (seconds: number) => Promise<Figure[]>;
}

const figure = (what: string, value: number, unit: string, goal: number | null = null): Figure => ({
  what,
  value,
  unit,
  goal
});

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `map ${index}`);

async function onStage<T>(
  maps: readonly string[],
  work: (stage: Stage) => Promise<T>,
  content?: Uint8Array
): Promise<T> {
  const stage = await Stage.open(maps, content);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

/** Runs `work` and tells what it cost the server. */
async function measured(stage: Stage, work: () => Promise<void>) {
  await stage.probe();
  const [cpu, start] = [stage.cpu(), performance.now()];
  await work();
  const seconds = (performance.now() - start) / 1000;
  return { core: (100 * (stage.cpu() - cpu)) / seconds, ...(await stage.probe()) };
}

const forget = (clients: readonly Client[]): void => {
  for (const { propagation, acknowledgement } of clients) propagation.length = acknowledgement.length = 0;
};
const settled = (clients: readonly Client[]) => until(() => clients.every(({ waiting }) => waiting === 0));
const propagationOf = (clients: readonly Client[]) => clients.flatMap(({ propagation }) => propagation);

const load: Scenario = {
  title: '1,000 idle and 200 active clients x 5 edits/s in 20 maps',
  run: (seconds) =>
    onStage(named(20), async (stage) => {
      const active = await stage.joinAll(200, named(20), true);
      await stage.joinAll(1_000, named(20), false);
      const edits = active.map((client) => () => client.edit());
      await pace(edits, 5, 2);
      forget(active);
      const { core, gapMs } = await measured(stage, () => pace(edits, 5, seconds));
      await settled(active);
      stage.checkAlive();
      const heard = propagationOf(active);
      const acknowledged = active.flatMap(({ acknowledgement }) => acknowledgement);
      return [
        figure('propagation p50', quantile(heard, 0.5), 'ms', 30),
        figure('propagation p99', quantile(heard, 0.99), 'ms', 250),
        figure('acknowledgement p95', quantile(acknowledged, 0.95), 'ms', 100),
        figure('processor', core, '% of a core', 60),
        figure('memory', stage.memory(), 'MB', 500),
        figure('longest gap of the loop', gapMs, 'ms'),
        figure('edits acknowledged', acknowledged.length / seconds, '/s')
      ];
    })
};

const hot: Scenario = {
  title: 'one map with 200 editors x 2 edits/s and presence at 5 Hz',
  run: (seconds) =>
    onStage(named(1), async (stage) => {
      const clients = await stage.joinAll(200, named(1), true);
      const edits = clients.map((client) => () => client.edit());
      const cursors = clients.map((client) => () => client.present());
      await Promise.all([pace(edits, 2, 2), pace(cursors, 5, 2)]);
      forget(clients);
      for (const client of clients) client.presenceFrames = 0;
      const { core, gapMs } = await measured(stage, async () => {
        await Promise.all([pace(edits, 2, seconds), pace(cursors, 5, seconds)]);
      });
      await settled(clients);
      stage.checkAlive();
      const frames = clients.map(({ presenceFrames }) => presenceFrames / seconds);
      return [
        figure('propagation p95', quantile(propagationOf(clients), 0.95), 'ms', 250),
        figure('frames of presence for each receiver', Math.max(...frames), '/s', 15.5),
        figure('processor', core, '% of a core'),
        figure('longest gap of the loop', gapMs, 'ms')
      ];
    })
};

const BURST = 10_000;
const burst: Scenario = {
  title: `${BURST} edits from one client at once, among 20 others on the map`,
  run: () =>
    onStage(named(1), async (stage) => {
      const others = await stage.joinAll(20, named(1), true);
      const one = stage.join('map 0', false);
      await one.synced;
      await pace(
        others.map((client) => () => client.edit()),
        2,
        1
      );
      forget(others);
      let took = 0;
      const { gapMs } = await measured(stage, async () => {
        const edits = pace(
          others.map((client) => () => client.edit()),
          2,
          4
        );
        const start = performance.now();
        for (let edit = 0; edit < BURST; edit++) one.edit();
        await settled([one]);
        took = performance.now() - start;
        await edits;
      });
      await settled(others);
      stage.checkAlive();
      const between = others.flatMap(({ acknowledgement }) => acknowledgement);
      return [
        figure('until all are acknowledged', took / 1000, 's', 3),
        figure('longest gap of the loop', gapMs, 'ms', 200),
        figure("others' acknowledgement p99", quantile(between, 0.99), 'ms', 500)
      ];
    })
};

const storm: Scenario = {
  title: '1,200 clients in 20 maps come back at once after a kill',
  run: () =>
    onStage(named(20), async (stage) => {
      const before = await stage.joinAll(1_200, named(20), false);
      for (let edit = 0; edit < 5; edit++) for (const client of before) client.edit();
      await settled(before);
      const idle = stage.memory();
      await stage.killAndStart();
      for (const client of stage.clients.splice(0)) client.drop();
      const start = performance.now();
      let took = 0;
      const { gapMs } = await measured(stage, async () => {
        const back = Array.from({ length: 1_200 }, (_, index) => stage.join(`map ${index % 20}`, false));
        await Promise.all(back.map(({ synced }) => synced));
        took = performance.now() - start;
      });
      stage.checkAlive();
      return [
        figure('until all are synced', took / 1000, 's', 30),
        figure('longest gap of the loop', gapMs, 'ms', 500),
        figure('memory, before and after', stage.memory() / idle, 'x')
      ];
    })
};

/** Free objects with a text each, until the document has so many bytes (v1). */
function largeDocument(bytes: number): Y.Doc {
  const doc = new Y.Doc();
  let size = 0;
  doc.on('update', (update: Uint8Array) => (size += update.length));
  for (let object = 0; size < bytes; object++)
    doc.transact(() => {
      const fields = new Y.Map<unknown>([
        ['kind', 'note'],
        ['x', object],
        ['y', object]
      ]);
      fields.set('text', new Y.Text('What a customer said about waiting, in so many words. '.repeat(20)));
      doc.getMap('objects').set(`n${object}`, fields);
    });
  return doc;
}

const join: Scenario = {
  title: '150 clients join one map of 5 MB at once',
  run: () =>
    onStage(
      named(1),
      async (stage) => {
        const times: number[] = [];
        const { gapMs, encoded } = await measured(stage, async () => {
          const start = performance.now();
          const clients = Array.from({ length: 150 }, () => stage.join('map 0', false));
          await Promise.all(
            clients.map(({ synced }) => synced.then(() => times.push(performance.now() - start)))
          );
        });
        stage.checkAlive();
        const received =
          quantile(
            stage.clients.map(({ bytes }) => bytes),
            0
          ) /
          1024 /
          1024;
        return [
          figure('synced p95', quantile(times, 0.95) / 1000, 's', 3),
          figure('answers encoded', encoded, '', 1),
          figure('received by each', received, 'MB'),
          figure('longest gap of the loop', gapMs, 'ms')
        ];
      },
      Y.encodeStateAsUpdateV2(largeDocument(5e6))
    )
};

const idle: Scenario = {
  title: '1,000 idle sockets in 100 maps',
  run: (seconds) =>
    onStage(named(101), async (stage) => {
      const maps = named(100);
      // The first ones make the server load code that it needs anyway.
      await stage.joinAll(20, ['map 100'], false);
      await sleep(2_000);
      const before = stage.memory();
      const clients = await stage.joinAll(1_000, maps, false);
      for (const client of clients) client.present();
      await sleep(seconds * 1_000);
      stage.checkAlive();
      return [figure('memory for each socket', ((stage.memory() - before) * 1024) / 1_000, 'kB', 30)];
    })
};

const EDITS = 200_000;
const OBJECTS = 3_000;
/** A map after many edits: mostly moves, some typing, by a new client id every 500. */
function longHistory(): Y.Doc {
  const doc = new Y.Doc();
  const objects = doc.getMap<Y.Map<unknown>>('objects');
  for (let edit = 0; edit < EDITS; edit++) {
    if (edit % 500 === 0) doc.clientID = 1_000 + edit / 500;
    const id = `n${(edit * 7_919) % OBJECTS}`;
    doc.transact(() => {
      const known = objects.get(id);
      const object = known ?? objects.set(id, new Y.Map<unknown>([['kind', 'note']]));
      if (!known) object.set('text', new Y.Text('Waiting '));
      if (edit % 4 === 3) (object.get('text') as Y.Text).insert(0, 'word ');
      else for (const field of ['x', 'y']) object.set(field, (edit * 31) % 8_000);
    });
  }
  return doc;
}

const cold: Scenario = {
  title: `the first client on a map of ${EDITS} edits, on a server that has just started`,
  run: () =>
    onStage(
      named(1),
      async (stage) => {
        await stage.probe();
        const start = performance.now();
        await stage.join('map 0', false).synced;
        const first = performance.now() - start;
        const { gapMs } = await stage.probe();
        const again = performance.now();
        await stage.join('map 0', false).synced;
        return [
          figure('first client synced', first / 1000, 's', 0.5),
          figure('second client synced', (performance.now() - again) / 1000, 's'),
          figure('longest gap of the loop', gapMs, 'ms')
        ];
      },
      Y.encodeStateAsUpdateV2(longHistory())
    )
};

export const SCENARIOS: Readonly<Record<string, Scenario>> = { load, hot, burst, storm, join, idle, cold };

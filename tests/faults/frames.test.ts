import * as Y from 'yjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import { MAP_SHAPES } from '#lib/document/shapes.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { writeUpdate } from '#lib/protocol/frames.ts';
import { bytesOf, type Part } from '../support/bytes.ts';
import { fingerprint } from '../support/peer.ts';
import { createRandom, firstSeed } from '../support/random.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';
import { MAP, startWorld, UNKNOWN_MAP, type World } from '../support/world.ts';
import { editAtRandom } from '../support/yjs-edits.ts';
import { wireTo } from '../support/wire.ts';

let world: World;
const peers: SocketPeer[] = [];
const providers: WebsocketProvider[] = [];

afterEach(async () => {
  for (const provider of providers.splice(0)) {
    provider.destroy();
    provider.awareness.destroy();
  }
  for (const peer of peers.splice(0)) peer.close();
  await world.close();
});

const join = async (name: string, query = '?v=1'): Promise<SocketPeer> => {
  const peer = new SocketPeer(world.url(MAP, query), name);
  peers.push(peer);
  await until(`${name} is in`, () => peer.synced || peer.closed !== null);
  return peer;
};

const victimOf = async (): Promise<SocketPeer> => {
  const victim = await join('victim');
  victim.doc.getMap('map').set('title', 'before');
  await until('the victim is saved', () => victim.saved);
  return victim;
};

/** GC, item below the root `map` under a key, deletions: the pieces that attacks are made of. */
const gc = (length: number): Part[] => [{ byte: 0 }, length];
const item = (kind: number, key: string, ...content: Part[]): Part[] => [
  { byte: 0b10_0000 | kind },
  1,
  'map',
  key,
  ...content
];
const update = (client: number, clock: number, ...structs: Part[][]) =>
  bytesOf(1, structs.length, client, clock, ...structs.flat(), 0);

/** The table of sync.md 4.2, as far as it is about updates: each is refused and disturbs nobody. */
const attacks: readonly [string, (victimId: number) => Uint8Array][] = [
  ['declared struct count 2^25 - 1', () => bytesOf(1, 2 ** 25 - 1, 7, 0)],
  ['GC struct under a foreign client id', (victim) => update(victim, 1, gc(2 ** 30))],
  ['edits under a foreign client id', (victim) => update(victim, 1, item(8, 'title', 1, { any: 'forged' }))],
  ['key __proto__', () => update(7, 0, item(8, '__proto__', 1, { any: { role: 'owner' } }))],
  [
    'key __proto__ inside a value',
    () => update(7, 0, item(8, 'x', 1, { byte: 118 }, 1, '__proto__', { any: { role: 'owner' } }))
  ],
  ['key constructor', () => update(7, 0, item(8, 'constructor', 1, { any: 1 }))],
  ['new root names', () => update(7, 0, [{ byte: 0b10_1000 }, 1, 'other', 'key', 1, { any: 1 }])],
  ['subdocuments', () => update(7, 0, item(9, 'x', 'guid', { any: {} }))],
  [
    'plain JSON 5,000 deep',
    () =>
      update(
        7,
        0,
        item(8, 'x', 1, ...Array.from({ length: 5_000 }, () => [{ byte: 117 }, 1]).flat(), { any: 1 })
      )
  ],
  [
    'shared types nested 5,000 deep',
    () =>
      update(
        7,
        0,
        item(7, 'x', 1),
        ...Array.from({ length: 5_000 }, (_value, index) => [{ byte: 0b10_0111 }, 0, 7, index, 'x', 1])
      )
  ],
  ['XML types', () => update(7, 0, item(7, 'x', 3, 'div'))],
  ['binary content', () => update(7, 0, item(3, 'x', 2, new Uint8Array(2)))],
  ['two blocks of one client', () => bytesOf(2, 1, 7, 0, ...gc(1), 1, 7, 1, ...gc(1), 0)],
  ['a struct that refers to itself', () => update(7, 0, [{ byte: 0b1000_1000 }, 7, 0, 1, { any: 1 }])],
  ['clock beyond 2^31', () => update(7, 0, gc(2 ** 31), gc(2 ** 31))],
  ['20,001 structs', () => update(7, 0, ...Array.from({ length: 20_001 }, () => gc(1)))],
  ['bytes after the update', () => bytesOf(0, 0, 0)]
];

describe('F23, P30 to P37: hostile updates', () => {
  test.each(attacks)('%s: refused, nothing applied, nobody disturbed', async (_name, attack) => {
    world = await startWorld();
    const victim = await victimOf();
    const rows = world.log.rows(MAP).length;
    const before = await world.rooms.read(MAP, fingerprint);
    const attacker = await join('mallory');
    await until('the attacker has answered', () => attacker.saved);
    attacker.send(writeUpdate(attack(victim.doc.clientID)));
    await until('the attacker is out', () => attacker.closed !== null);
    expect(attacker.closed?.code).toBe(CLOSE.badFrame);
    expect(await world.rooms.read(MAP, fingerprint)).toEqual(before);
    expect(world.log.rows(MAP)).toHaveLength(rows);
    victim.doc.getMap('map').set('title', 'after');
    await until('the victim still works', () => victim.saved);
  });

  test('updates with a missing predecessor and deletions of what nobody has: come back and start over', async () => {
    world = await startWorld();
    for (const bytes of [update(7, 5, item(8, 'x', 1, { any: 1 })), bytesOf(0, 1, 9, 1, 3, 2)]) {
      const attacker = await join('mallory');
      await until('the attacker has answered', () => attacker.saved);
      attacker.send(writeUpdate(bytes));
      await until('the attacker is out', () => attacker.closed !== null);
      expect(attacker.closed?.code).toBe(CLOSE.resync);
    }
    expect(await world.rooms.read(MAP, (doc) => doc.store.pendingStructs)).toBeNull();
  });
});

describe('P31, P38: what is no part of a map, or too much of it', () => {
  const maps = async () => {
    world = await startWorld({ shapes: MAP_SHAPES });
    const peer = await join('mallory');
    await until('answered', () => peer.saved);
    return peer;
  };

  test('3,000 stages in one frame: 4413 with a sentence, nothing applied', async () => {
    const peer = await maps();
    const stages = peer.doc.getMap('stages');
    peer.doc.transact(() => {
      for (let index = 0; index < 3_000; index++) stages.set(`s${index}`, new Y.Map([['name', 'x']]));
    });
    await until('closed', () => peer.closed !== null);
    expect(peer.closed).toEqual({ code: CLOSE.tooBig, reason: 'stages: 100 at most' });
    expect(await world.rooms.read(MAP, (doc) => doc.getMap('stages').size)).toBe(0);
  });

  test('a text of 200,000 letters, typed in pieces: 4413 with a sentence when it is too long, and no more is kept', async () => {
    const peer = await maps();
    const text = new Y.Text();
    peer.doc.getMap('cards').set('c', new Y.Map([['text', text]]));
    for (let piece = 0; piece < 20; piece++) text.insert(0, 'x'.repeat(10_000));
    await until('closed', () => peer.closed !== null);
    expect(peer.closed).toEqual({
      code: CLOSE.tooBig,
      reason: 'cards.c.text: a text has 10000 letters at most'
    });
    const kept = await world.rooms.read(
      MAP,
      (doc) => (doc.getMap<Y.Map<Y.Text>>('cards').get('c') as Y.Map<Y.Text>).get('text')?.length
    );
    expect(kept).toBeLessThanOrEqual(40_000);
  });

  test('16 MB in allowed pieces: 4413, and whoever only deletes is still let in', async () => {
    const peer = await maps();
    const cards = peer.doc.getMap<Y.Map<Y.Text>>('cards');
    for (let card = 0; card < 700 && !peer.closed; card++) {
      cards.set(`c${card}`, new Y.Map<Y.Text>([['text', new Y.Text('x'.repeat(30_000))]]));
      if (card % 20 === 0)
        await until('on its way', () => peer.sent - peer.acked < 40 || peer.closed !== null);
    }
    await until('closed', () => peer.closed !== null);
    expect(peer.closed).toEqual({ code: CLOSE.tooBig, reason: 'this map is full: it holds 16 MB at most' });
    const cleaner = await join('ann');
    await until('in', () => cleaner.saved);
    cleaner.doc.getMap('cards').delete('c0');
    await until('saved', () => cleaner.saved);
  }, 20_000);
});

describe('P1 to P5: frames that follow no grammar', () => {
  test('rule 36: every message type that clients may not send closes with 4400', async () => {
    world = await startWorld();
    for (let type = 2; type < 128; type++) {
      const peer = await join('mallory');
      peer.send(bytesOf(type, 'x'));
      await until('closed', () => peer.closed !== null);
      expect([type, peer.closed?.code]).toEqual([type, CLOSE.badFrame]);
    }
  });

  test('a frame over 8 MB closes with 4413, a text frame with 4400', async () => {
    world = await startWorld();
    const big = await join('ann');
    big.send(new Uint8Array(8 * 1024 * 1024 + 1));
    await until('closed', () => big.closed !== null);
    expect(big.closed?.code).toBe(CLOSE.tooBig);
    const wordy = await join('ann');
    wordy.socket.send('hello');
    await until('closed', () => wordy.closed !== null);
    expect(wordy.closed?.code).toBe(CLOSE.badFrame);
  });
});

describe('P20 to P24: rights', () => {
  test('a viewer is told at each edit, nothing is applied, and the third closes with 4403', async () => {
    world = await startWorld();
    world.roles.set('vera', 'viewer');
    const viewer = await join('vera');
    expect(viewer.hello?.role).toBe('viewer');
    for (const rejected of [1, 2, 3]) {
      viewer.doc.getMap('map').set('title', `mine ${rejected}`);
      await until('told', () => viewer.rejected === rejected && viewer.denied === rejected);
    }
    await until('closed', () => viewer.closed !== null);
    expect(viewer.closed?.code).toBe(CLOSE.forbidden);
    expect(viewer.answered).toBe(false);
    expect(world.log.rows(MAP)).toHaveLength(0);
    expect(await world.rooms.read(MAP, (doc) => doc.getMap('map').size)).toBe(0);
  });

  test('rule 10, rule 18: an unknown map closes with 4404, no login with 4401, and no row is made', async () => {
    world = await startWorld();
    for (const name of [UNKNOWN_MAP, 'x', '..%2f', `${MAP}x`, '*']) {
      const peer = new SocketPeer(world.url(name), 'ann');
      await until('closed', () => peer.closed !== null);
      expect([name, peer.closed?.code]).toEqual([name, CLOSE.gone]);
    }
    const stranger = new SocketPeer(world.url(MAP), null);
    await until('closed', () => stranger.closed !== null);
    // Without a token and without an Origin it is not even let in.
    expect(stranger.closed?.code).toBe(1006);
    expect(await world.log.load(UNKNOWN_MAP)).toBeNull();
    expect(await world.rooms.read(UNKNOWN_MAP, () => true)).toBeNull();
    expect(await world.rooms.edit(UNKNOWN_MAP, null, () => undefined)).toBe(false);
  });

  test('rights that change take effect on open sockets', async () => {
    world = await startWorld();
    const ann = await join('ann');
    world.roles.set('ann', 'viewer');
    world.rooms.recheck({ mapId: MAP });
    await until('sent away to come back', () => ann.closed !== null);
    expect(ann.closed?.code).toBe(CLOSE.resync);
    const again = await join('ann');
    expect(again.hello?.role).toBe('viewer');
    world.roles.set('ann', null);
    world.rooms.recheck({ userId: again.hello?.user.id as never });
    await until('sent away', () => again.closed !== null);
    expect(again.closed?.code).toBe(CLOSE.forbidden);
  });
});

describe('the stock WebsocketProvider from npm, unchanged', () => {
  const stock = (name: string): { doc: Y.Doc; provider: WebsocketProvider } => {
    class WithToken extends WebSocket {
      constructor(url: string | URL) {
        super(url, { headers: { authorization: `Bearer ${name}` } } as unknown as string[]);
      }
    }
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(`ws://127.0.0.1:${world.port}/sync`, MAP, doc, {
      WebSocketPolyfill: WithToken,
      disableBc: true
    });
    providers.push(provider);
    return { doc, provider };
  };

  test('two of them converge, see each other by name, and print nothing', async () => {
    world = await startWorld();
    const noise = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    const ann = stock('ann');
    const bob = stock('bob');
    ann.doc.getMap('map').set('title', 'typed before the connection was there');
    bob.doc.getMap('cards').set('card', new Y.Map([['text', new Y.Text('hello')]]));
    await until('synced', () => ann.provider.synced && bob.provider.synced);
    ann.doc.getMap('map').set('title', 'changed');
    await until(
      'converged',
      () =>
        JSON.stringify(fingerprint(ann.doc)) === JSON.stringify(fingerprint(bob.doc)) &&
        ann.doc.getMap('cards').size === 1
    );
    ann.provider.awareness.setLocalState({ cursor: { x: 1, y: 2 }, user: { name: 'Somebody else' } });
    await until('bob sees ann', () => {
      const seen = bob.provider.awareness.getStates().get(ann.doc.clientID);
      return (seen?.cursor as { x: number } | undefined)?.x === 1;
    });
    expect(bob.provider.awareness.getStates().get(ann.doc.clientID)?.user).toMatchObject({ name: 'ann' });
    for (const spy of noise) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test('rule 30: a tab that reconnects with its client id is seen again at once, ten times', async () => {
    world = await startWorld();
    const ann = stock('ann');
    const bob = stock('bob');
    ann.provider.awareness.setLocalState({ cursor: { x: 1, y: 2 } });
    const seesAnn = () => bob.provider.awareness.getStates().has(ann.doc.clientID);
    await until('seen', seesAnn);
    for (let round = 0; round < 10; round++) {
      ann.provider.ws?.close();
      await until('gone', () => !seesAnn());
      await until('seen again', seesAnn, 5_000);
    }
  }, 30_000);

  test('P43: a final close code stops it', async () => {
    world = await startWorld();
    world.roles.set('ann', null);
    const ann = stock('ann');
    const closed = new Promise<{ code: number }>((resolve) => ann.provider.on('closed', resolve));
    expect((await closed).code).toBe(CLOSE.gone);
  });
});

describe('P10 to P14: the log decides', () => {
  test('a commit that fails acknowledges nothing, shows nobody anything, says so, and is made up for', async () => {
    world = await startWorld();
    const ann = await join('ann');
    const bob = await join('bob');
    await until('both answered', () => ann.saved && bob.saved);
    world.log.trouble = (operation) => {
      if (operation === 'append') throw new Error('disk full');
    };
    ann.doc.getMap('map').set('title', 'unsafe');
    await until(
      'notice',
      () => ann.notices.includes('saving-stopped') && bob.notices.includes('saving-stopped')
    );
    expect(ann.saved).toBe(false);
    expect(bob.doc.getMap('map').has('title')).toBe(false);
    const carl = new SocketPeer(world.url(MAP), 'carl');
    peers.push(carl);
    await until('carl knocks', () => carl.hello !== null);
    expect(carl.synced).toBe(false); // P12: nobody sees what a crash would take back
    world.log.trouble = null;
    await until('saved again', () => ann.saved && ann.notices.includes('saving-again'));
    await until('shown', () => bob.doc.getMap('map').has('title') && carl.doc.getMap('map').has('title'));
    expect(world.log.rows(MAP)).toHaveLength(1);
  });

  test('rule 1: a map that cannot be loaded once is not opened empty', async () => {
    world = await startWorld();
    const ann = await join('ann');
    ann.doc.getMap('map').set('title', 'kept');
    await until('saved', () => ann.saved);
    ann.close();
    world.rooms.evict(MAP, CLOSE.resync);
    await until('unloaded', () => world.rooms.stats().rooms === 0);
    let failures = 1;
    world.log.trouble = (operation) => {
      if (operation === 'load' && failures-- > 0) throw new Error('select');
    };
    const first = await join('bob');
    expect(first.closed?.code).toBe(CLOSE.resync);
    const second = await join('bob');
    expect(second.doc.getMap('map').get('title')).toBe('kept');
  });

  test('edits through the server are durable, shown and attributed; one that throws leaves nothing', async () => {
    world = await startWorld();
    const ann = await join('ann');
    expect(await world.rooms.edit(MAP, null, (doc) => doc.getMap('map').set('title', 'by the server'))).toBe(
      true
    );
    expect(world.log.rows(MAP)).toHaveLength(1);
    await until('shown', () => ann.doc.getMap('map').get('title') === 'by the server');
    const failed = world.rooms.edit(MAP, null, (doc) => {
      doc.getMap('map').set('title', 'half');
      throw new Error('rule broken');
    });
    await expect(failed).rejects.toThrow('rule broken');
    expect(await world.rooms.read(MAP, (doc) => doc.getMap('map').get('title'))).toBe('by the server');
    ann.doc.getMap('map').set('title', 'and on');
    await until('saved', () => ann.saved);
  });
});

test('F21: 2,000 mutated frames, each on a connection of its own, crash nothing and leave a document that loads', async () => {
  world = await startWorld({ commitMs: 0 });
  const random = createRandom(firstSeed());
  console.log(`frames: seed ${random.seed}`);
  const source = new Y.Doc();
  const fresh: Uint8Array[] = [];
  source.on('update', (bytes: Uint8Array) => fresh.push(writeUpdate(bytes)));
  const identity = { userId: 'mallory' as never, name: '', guest: false, role: 'editor' as const };
  const closed = new Map<number, number>();
  let slowest = 0;
  const send = async (frame: Uint8Array) => {
    const count = (code: number) => closed.set(code, (closed.get(code) ?? 0) + 1);
    const session = world.rooms.join(
      MAP,
      wireTo(() => undefined, count),
      identity
    );
    // The room has loaded by then, so that what is measured is the frame.
    await world.rooms.read(MAP, () => null);
    const started = performance.now();
    session.receive(frame);
    slowest = Math.max(slowest, performance.now() - started);
    session.leave();
  };
  for (let index = 0; index < 2_000; index++) {
    // The server lacks exactly this edit: a mutation of it is as close to an honest frame as can be.
    if (index % 10 === 0) {
      for (const honest of fresh.splice(0)) await send(honest);
      while (fresh.length === 0) editAtRandom(source, random);
    }
    const frame = random.pick(fresh).slice();
    for (let change = 0; change <= random.below(3); change++)
      frame[random.below(frame.length)] = random.below(256);
    await send(random.chance(0.2) ? frame.slice(0, random.below(frame.length)) : frame);
    if (index % 300 === 0) {
      const [live, copy] = (await world.rooms.read(MAP, (doc) => {
        const again = new Y.Doc();
        Y.applyUpdate(again, Y.encodeStateAsUpdate(doc));
        return [fingerprint(doc), fingerprint(again)];
      })) ?? [null, undefined];
      expect(copy).toEqual(live);
    }
  }
  console.log(
    `frames: closed ${JSON.stringify(Object.fromEntries(closed))}; slowest ${slowest.toFixed(1)} ms`
  );
  // Each frame has an end, and most of them the one that is meant for them; how long that takes is printed above.
  expect(closed.get(CLOSE.badFrame)).toBeGreaterThan(100);
  expect([CLOSE.badFrame, CLOSE.resync]).toEqual(expect.arrayContaining([...closed.keys()]));
}, 120_000);

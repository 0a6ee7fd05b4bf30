import { randomUUID } from 'node:crypto';
import type * as Y from 'yjs';
import type { MapId } from '#lib/journey/ids.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { writeNotice, writePoke } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import type { UserId } from '../storage/ports.ts';
import { AccountAllowances, Allowance, RATES } from './allowance.ts';
import { systemClock } from './clock.ts';
import { Committer } from './committer.ts';
import { inTime, sendAway } from './farewell.ts';
import { Room, type RoomContext } from './room.ts';
import { Connection } from './session.ts';
import { readSignal, storedSignal, type Signal } from './signals.ts';
import { RoomUnavailable, type Rooms, type RoomsOptions } from './types.ts';

const TICK_MS = 5_000;
/** Above this, clients are not read from until the log has caught up. */
const PAUSE_BYTES = 8 * 1024 * 1024;
/** How often rights may be unknown in a row, at the regular look, before a connection is sent away. */
const UNSURE = 3;
/** Rights are asked in so many parts, one after the other, in the time in which everybody's are asked once. */
const RECHECK_PARTS = 20;

/** With other nodes on the same log, its heads are looked at this often: an edit they do not hear of waits no longer. */
const POLL_MS = 2_500;
/** A node that could not ask the log for so long sends its people to another one. */
const CUT_OFF_MS = 8_000;

const ASKED_AT_ONCE = 50;

/** What the nodes tell each other about rooms. */
const CHANNEL = 'rooms';
type Said = Extract<Signal, { kind: 'recheck' | 'evict' | 'poke' }>;

/** The rooms of one process, on a log and a bus. Starts timers; call {@link Rooms.close}. */
export const createRooms = (options: RoomsOptions): Rooms => {
  const clock = options.clock ?? systemClock;
  const { log, bus, logger } = options;
  const patienceMs = options.patienceMs ?? 10_000;
  const rooms = new Map<MapId, Room>();
  const recheckMs = options.recheckMs ?? 60_000;
  const shared = options.shared ?? false;
  const node = randomUUID();
  const accounts = new AccountAllowances();
  let closing = false;
  let joined = 0;
  let repairs = 0;
  /** When the log last answered; only looked at where it is shared. */
  let heardOfLog = clock.now();
  let cutOff = false;

  const committer = new Committer({
    log,
    clock,
    windowMs: options.commitMs ?? 20,
    logger
  });
  const context: RoomContext = {
    log,
    clock,
    committer,
    shapes: options.shapes,
    logger,
    snapshotOf: options.snapshotOf,
    onEdited: options.onEdited,
    editedMs: options.editedMs ?? 1_000,
    idleMs: options.idleMs ?? 60_000,
    patienceMs,
    shared,
    tell: (mapId, news) => bus.tell(CHANNEL, storedSignal({ node, mapId }, news)),
    tellPresence: (mapId, entries) => bus.tell(CHANNEL, { kind: 'presence', node, mapId, entries }),
    onRepair: () => repairs++,
    onOpen: ({ mapId }) => bus.tell(CHANNEL, { kind: 'who', node, mapId }),
    onClosed: (room) => {
      if (rooms.get(room.mapId) === room) rooms.delete(room.mapId);
    }
  };

  /** Fails when the work takes longer than somebody should wait. */
  const patiently = async <T>(work: Promise<T>): Promise<T> => {
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = clock.after(patienceMs, () =>
        reject(new RoomUnavailable('the map cannot be stored at present'))
      );
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      cancel();
    }
  };

  /**
   * The room of a map, loading or open. One load at a time: everybody who asks meanwhile waits for the same one. Throws
   * {@link RoomUnavailable} when the room before it cannot store its last edits, and so does not close.
   */
  const enter = async (mapId: MapId): Promise<Room> => {
    for (;;) {
      const room = rooms.get(mapId);
      if (room && (room.phase === 'loading' || room.phase === 'open')) return room;
      if (room) await patiently(room.closed);
      else rooms.set(mapId, new Room(mapId, context));
    }
  };

  const everyConnection = function* () {
    for (const room of rooms.values())
      for (const connection of [...room.connections]) yield { room, connection };
  };

  /** Asks what a connection may do now. `final`: an answer is needed, and none counts as "come back later". */
  const revalidate = async (room: Room, connection: Connection, final: boolean): Promise<void> => {
    if (!connection.revalidate || connection.closed) return;
    try {
      const role = await connection.revalidate();
      connection.unsure = 0;
      if (role === connection.identity.role) return;
      if (role === null) room.drop(connection, CLOSE.forbidden, 'no access any more');
      // Coming back gives the client its new role from the first frame on.
      else room.drop(connection, CLOSE.resync, `role is now ${role}`);
    } catch (error) {
      logger?.warn({ err: error, mapId: room.mapId }, 'rights cannot be asked');
      connection.unsure++;
      if (final || connection.unsure >= UNSURE)
        room.drop(connection, CLOSE.overloaded, 'rights cannot be checked at present');
    }
  };

  const onSignal = (signal: Signal): void => {
    switch (signal.kind) {
      case 'recheck': {
        const { scope } = signal;
        for (const { room, connection } of everyConnection()) {
          const meant =
            'mapId' in scope ? room.mapId === scope.mapId : connection.identity.userId === scope.userId;
          if (meant) void revalidate(room, connection, true);
        }
        return;
      }
      case 'evict':
        return rooms.get(signal.mapId)?.shut(signal.code, signal.reason);
      case 'poke':
        return rooms.get(signal.mapId)?.send(writePoke(signal.poke));
      case 'stored':
        return rooms.get(signal.mapId)?.heard(signal);
      case 'presence':
        return rooms.get(signal.mapId)?.heardPresence(signal.entries);
      case 'who':
        return tellWho(signal.mapId);
    }
  };
  const tellWho = (mapId: MapId): void => {
    const entries = rooms.get(mapId)?.presence ?? [];
    if (entries.length > 0) bus.tell(CHANNEL, { kind: 'presence', node, mapId, entries });
  };
  const unsubscribe = bus.subscribe(CHANNEL, (message) => {
    const signal = readSignal(message);
    if (signal === null) logger?.warn({}, 'a message of the bus was not understood');
    else onSignal(signal);
  });
  const publish = (signal: Said) => bus.publish(CHANNEL, signal);

  /** Asks the log where its maps end: what the bus did not tell is read, what is in the trash is closed. */
  const poll = async (): Promise<void> => {
    try {
      const open = [...rooms.values()].filter(({ phase }) => phase === 'open');
      const heads = await log.heads(open.map(({ mapId }) => mapId));
      heardOfLog = clock.now();
      cutOff = false;
      for (const room of open) {
        const head = heads.get(room.mapId);
        if (head === undefined) room.shut(CLOSE.gone, 'the map is gone');
        else room.knows(head);
      }
    } catch (error) {
      logger?.warn({ err: error }, 'the log cannot be asked');
    }
  };
  /** Without the log nothing can be stored here; another node may reach it. */
  const checkLog = (): void => {
    if (cutOff || clock.now() - heardOfLog < CUT_OFF_MS) return;
    cutOff = true;
    logger?.error({}, 'the log is not reached; everybody is sent to another node');
    for (const { room, connection } of everyConnection())
      room.drop(connection, CLOSE.overloaded, 'the map cannot be stored here at present');
  };
  /** Rights may have ended while nobody could tell this node. A few at a time: the database has others to answer. */
  const revalidateAll = async (): Promise<void> => {
    const all = [...everyConnection()];
    for (let start = 0; start < all.length; start += ASKED_AT_ONCE) {
      const some = all.slice(start, start + ASKED_AT_ONCE);
      await Promise.all(some.map(({ room, connection }) => revalidate(room, connection, false)));
    }
  };
  const unsubscribeReconnect = bus.onReconnect(() => {
    void poll();
    void revalidateAll();
    for (const { mapId } of rooms.values()) {
      bus.tell(CHANNEL, { kind: 'who', node, mapId });
      tellWho(mapId);
    }
  });

  const relieve = (): void => {
    const full = committer.queuedBytes('not apart') > PAUSE_BYTES;
    for (const room of rooms.values()) room.pause(full || committer.queuedBytes(room) > PAUSE_BYTES);
  };

  const timers: (() => void)[] = [];
  const every = (slot: number, ms: number, task: () => void): void => {
    timers[slot] = clock.after(ms, () => {
      task();
      if (!closing) every(slot, ms, task);
    });
  };
  every(0, TICK_MS, () => {
    const silentSince = clock.now() - LIMITS.keepAliveMs + TICK_MS;
    for (const room of rooms.values()) {
      room.expirePresence();
      room.keepAlive(silentSince);
    }
  });
  every(1, recheckMs / RECHECK_PARTS, () => {
    const now = clock.now();
    for (const { room, connection } of everyConnection()) {
      if (connection.askedAt > now - recheckMs) continue;
      connection.askedAt = now;
      void revalidate(room, connection, false);
    }
  });
  every(2, 100, relieve);
  if (shared)
    every(3, options.pollMs ?? POLL_MS, () => {
      checkLog();
      void poll();
    });

  const use = async <T>(
    mapId: MapId,
    work: (doc: Y.Doc, seq: number) => T,
    author: { readonly userId: UserId | null } | null
  ): Promise<{ readonly value: T } | null> => {
    for (;;) {
      if (closing) throw new RoomUnavailable('the server is stopping');
      const room = await enter(mapId);
      const loaded = await room.loaded;
      if (loaded === 'unknown') return null;
      if (loaded === 'broken') throw new RoomUnavailable('the map cannot be loaded');
      // It may have unloaded between the two lines above.
      if (room.phase === 'open') return room.use(work, author);
    }
  };

  return {
    join(mapId, wire, identity, ask) {
      const connection = new Connection(wire, identity, ask ?? null);
      const own = new Allowance(RATES.socket, clock.now());
      const account = accounts.enter(identity.userId, clock.now());
      let present = true;
      const spend = (frames: number, bytes: number) => {
        const now = clock.now();
        const wait = Math.max(own.take(frames, bytes, now), account.take(frames, bytes, now));
        if (wait === 0 || connection.isPaused('allowance')) return;
        connection.pause('allowance');
        clock.after(wait, () => connection.resume('allowance'));
      };
      connection.charge = (bytes) => spend(0, bytes);
      // After a restart everybody comes in at once; their rights are looked at one after the other all the same.
      connection.askedAt = clock.now() - recheckMs * ((joined++ / RECHECK_PARTS) % 1);
      let room: Room | null = null;
      const seat = async () => {
        while (!connection.closed) {
          room = await enter(mapId);
          if (room.seat(connection)) return;
        }
      };
      if (closing) connection.close(CLOSE.restart, 'the server is stopping');
      else if (cutOff) connection.close(CLOSE.overloaded, 'maps cannot be stored here at present');
      else seat().catch(() => connection.close(CLOSE.overloaded, 'the map cannot be opened at present'));
      return {
        receive(frame) {
          spend(1, frame.length);
          if (room) room.receive(connection, frame);
          else if (!connection.closed && !connection.hold(frame))
            connection.close(CLOSE.overloaded, 'too much before the map was open');
        },
        leave() {
          connection.closed = true;
          if (present) accounts.leave(identity.userId);
          present = false;
          room?.leave(connection);
        }
      };
    },

    async read(mapId, look) {
      const result = await patiently(use(mapId, look, null));
      return result && result.value;
    },

    async edit(mapId, userId, change) {
      return (await patiently(use(mapId, change, { userId }))) !== null;
    },

    evict: (mapId, code = CLOSE.gone, reason = 'the map is gone') =>
      publish({ kind: 'evict', mapId, code, reason }),
    recheck: (scope) => publish({ kind: 'recheck', scope }),
    poke: (mapId, poke) => publish({ kind: 'poke', mapId, poke }),

    stats: () => ({
      rooms: rooms.size,
      sessions: [...everyConnection()].length,
      damaged: [...rooms.values()].filter(({ damaged }) => damaged).length,
      loadedBytes: [...rooms.values()].reduce((sum, { bytes }) => sum + bytes, 0),
      logRows: [...rooms.values()].reduce((sum, { logRows }) => sum + logRows, 0),
      queuedBytes: committer.queuedBytes(),
      queuedRooms: [...rooms.values()].filter(({ settled }) => !settled).length,
      failing: committer.isFailing(),
      repairs,
      cutOff
    }),

    async close(hurry) {
      if (closing) return;
      closing = true;
      for (const cancel of timers) cancel();
      unsubscribe();
      unsubscribeReconnect();
      const notice = writeNotice('restarting');
      for (const room of rooms.values()) room.send(notice);
      for (const room of rooms.values()) room.pause(true);
      // Once is enough: people who go on typing would keep a server that waits for silence from ever ending.
      await committer.pass();
      await sendAway([...everyConnection()], clock, hurry);
      // What arrived during that commit is not acknowledged; its clients still hold it.
      await committer.flush();
      const settled = [...rooms.values()].filter(
        (room) => room.phase === 'open' && !committer.isFailing(room)
      );
      await inTime(Promise.all(settled.map((room) => room.drain())), clock, hurry);
      for (const room of rooms.values()) room.shut(CLOSE.restart, 'the server restarts');
      committer.stop();
    }
  };
};

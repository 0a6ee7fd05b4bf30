import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { MAP_SHAPES } from '#lib/document/shapes.ts';
import { journeyOf } from '#lib/journey/file-convert.ts';
import { presetFile } from '#lib/journey/presets.ts';
import {
  writePresenceEntries,
  writePresenceFrame,
  writeStateVector,
  writeUpdate
} from '#lib/protocol/frames.ts';
import { writeJourney } from '#lib/document/write.ts';
import { systemClock } from '../../server/rooms/clock.ts';
import { Intake } from '../../server/rooms/intake.ts';
import { LiveDocument } from '../../server/rooms/live-document.ts';
import { RoomPresence } from '../../server/rooms/room-presence.ts';
import { Connection } from '../../server/rooms/session.ts';
import type { Identity } from '../../server/rooms/types.ts';
import { fingerprint } from './peer.ts';
import type { Random } from './random.ts';
import { wireTo } from './wire.ts';

const mallory: Identity = { userId: 'mallory' as never, name: '', guest: false, role: 'editor' };
const EDITS_PER_FRAMES = 10;
const RELOAD_EVERY = 300;
const START_AGAIN_EVERY = 5_000;

/** What became of the frames of a run. */
export interface FuzzReport {
  frames: number;
  /** Frames after which the connection was closed, by code; what is missing to `frames` was taken. */
  readonly closed: Map<number, number>;
  slowestMs: number;
  slowest: Uint8Array;
  /** Frames that Yjs took half of, so that the map had to be read again. */
  reloads: number;
  half?: (fields: object) => void;
  /** Something was thrown that is no refusal. */
  firstError: unknown;
}

/**
 * Sends mutations of honest frames through everything that stands between a socket and the document. Honest editing goes on
 * meanwhile, so that most mutations are as near to an honest frame as can be. Throws when the document does not read back.
 */
export function fuzz(random: Random, frames: number): FuzzReport {
  const report: FuzzReport = {
    frames: 0,
    closed: new Map(),
    slowestMs: 0,
    slowest: new Uint8Array(),
    reloads: 0,
    firstError: null
  };
  while (report.frames < frames) round(random, Math.min(START_AGAIN_EVERY, frames - report.frames), report);
  return report;
}

/** One map's life: it starts as a preset, and grows with what gets through. */
function round(random: Random, frames: number, report: FuzzReport): void {
  const source = new Y.Doc();
  source.clientID = 1 + random.below(1_000);
  writeJourney(source, journeyOf(presetFile('s0-four', { currency: 'EUR' })));
  const document = new LiveDocument(MAP_SHAPES);
  let log = Y.encodeStateAsUpdateV2(source);
  /** What somebody has who hears of everything that is stored. */
  let listener = new Y.Doc();
  const load = () => {
    document.load({ epoch: 1, head: 1, snapshot: { seq: 1, bytes: log }, updates: [], writers: [] });
    listener = new Y.Doc();
    Y.applyUpdateV2(listener, log);
  };
  load();
  let connection = new Connection(
    wireTo(() => undefined),
    mallory,
    null
  );
  const connect = () => {
    connection = new Connection(
      wireTo(() => undefined),
      mallory,
      null
    );
    connection.answered = true;
  };
  connect();
  const intake = new Intake({
    document,
    presence: new RoomPresence({
      clock: { ...systemClock, after: () => () => undefined },
      connections: [],
      mayBe: () => true,
      tell: () => undefined
    }),
    clock: systemClock,
    logger: {
      info: () => undefined,
      warn: () => undefined,
      error: (fields) => (report.firstError ??= (fields as { err?: unknown }).err ?? fields)
    },
    isOpen: () => true,
    roleOf: () => 'editor',
    send: () => undefined,
    drop: (_connection, code) => {
      report.closed.set(code, (report.closed.get(code) ?? 0) + 1);
      connect();
    },
    whenSettled: (run) => run(),
    announce: () => undefined,
    enqueue: (updates) => {
      for (const { bytes } of updates) Y.applyUpdate(listener, bytes);
    },
    reload: () => {
      report.reloads++;
      load();
    }
  });
  const receive = (frame: Uint8Array, last: boolean) => {
    // This thread's own time: what others do on the machine meanwhile is no hang of ours.
    const started = process.threadCpuUsage();
    intake.receive(connection, frame);
    if (last) intake.flush();
    const { user, system } = process.threadCpuUsage(started);
    const took = (user + system) / 1_000;
    report.frames++;
    if (took <= report.slowestMs) return;
    report.slowestMs = took;
    report.slowest = frame;
  };

  const honest: Uint8Array[] = [];
  source.on('update', (bytes: Uint8Array) => honest.push(writeUpdate(bytes)));
  const map = new JourneyDocument(source);
  const recent: Uint8Array[] = [];
  for (let index = 0; index < frames; index++) {
    if (index % EDITS_PER_FRAMES === 0) {
      intake.flush();
      for (const frame of honest.splice(0)) receive(frame, true);
      for (let tries = 0; honest.length === 0 && tries < 20; tries++) edit(map, random);
      recent.splice(0, Infinity, ...honest, ...others(source, random));
    }
    if (recent.length > 0) receive(mutate(random.pick(recent), random), random.chance(0.5));
    if (index % RELOAD_EVERY === 0) {
      intake.flush();
      if (!isDeepStrictEqual(fingerprint(listener), fingerprint(document.doc)))
        throw new Error('what was passed on does not make the same document');
      const again = new Y.Doc();
      log = Y.encodeStateAsUpdateV2(document.doc);
      Y.applyUpdateV2(again, log);
      if (!isDeepStrictEqual(fingerprint(again), fingerprint(document.doc)))
        throw new Error('the document does not read back as it was');
    }
  }
}

/** Frames that are no updates. */
const others = (doc: Y.Doc, random: Random): Uint8Array[] =>
  random.chance(0.8)
    ? []
    : [
        writeStateVector(Y.encodeStateVector(doc)),
        writePresenceFrame(
          writePresenceEntries([{ clientId: doc.clientID, clock: 1, json: '{"cursor":{"x":1,"y":1}}' }])
        )
      ];

function edit(map: JourneyDocument, random: Random): void {
  const { stages, lanes, cards } = map.journey;
  const [stage, lane, card] = [stages, lanes, cards].map((list) =>
    list.length > 0 ? random.pick<{ id: string }>(list).id : null
  );
  if (!stage || !lane) return void map.addStage({ name: 'again', index: 0 });
  const target = { stage: stage as never, lane: lane as never };
  switch (random.below(8)) {
    case 0:
      return void (cards.length < 200 && map.addCard({ ...target, text: 'new' }));
    case 1:
      return card ? map.moveCards([card as never], target) : undefined;
    case 2:
    case 3:
      return card ? map.typing(() => map.cardText(card as never)?.insert(0, 'aé😀')) : undefined;
    case 4:
      return map.setMetric(`stages/${stage}/dwell` as never, random.below(9));
    case 5:
      return card ? map.facets.set([card as never], 'color', 'red') : undefined;
    case 6:
      return card && cards.length > 20 ? map.removeCards([card as never]) : undefined;
    default:
      return map.renameStage(stage as never, `stage ${random.below(99)}`);
  }
}

/** Bytes changed, cut out, doubled or put in, a number made huge, or the end cut off. */
function mutate(frame: Uint8Array, random: Random): Uint8Array {
  const bytes = [...frame];
  for (let change = 0; change <= random.below(3); change++) {
    const at = random.below(bytes.length);
    switch (random.below(6)) {
      case 0:
      case 1:
        bytes[at] = random.below(256);
        break;
      case 2:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 3:
        bytes.splice(at, 1 + random.below(3));
        break;
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random.below(8)));
        break;
      default:
        bytes.splice(at, 1, 0xff, 0xff, 0xff, random.below(128));
    }
    if (bytes.length === 0) bytes.push(0);
  }
  return Uint8Array.from(random.chance(0.1) ? bytes.slice(0, random.below(bytes.length)) : bytes);
}

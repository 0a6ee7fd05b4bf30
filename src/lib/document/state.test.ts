import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { settingsKey } from '#lib/journey/metrics.ts';
import { presetFile } from '#lib/journey/presets.ts';
import { journeyOf } from '#lib/journey/file-convert.ts';
import { JourneyDocument } from './journey-document.ts';
import { rootsOf } from './layout.ts';
import { readJourney } from './read.ts';
import {
  documentOf,
  restoreContents,
  restoreSize,
  stateOf,
  UnreadableState,
  writersBetween
} from './state.ts';
import { snapshotOf } from './write.ts';

const start = () => documentOf(snapshotOf(journeyOf(presetFile('s3-eight', { currency: 'EUR' }, 'Start'))));

const contents = (doc: Y.Doc) =>
  Object.fromEntries(
    Object.entries(rootsOf(doc)).map(([name, root]) => [name, (root as Y.Map<unknown>).toJSON()])
  );

/** Edits of every kind, by number, so that a run can be repeated. */
const EDITS: readonly ((map: JourneyDocument, pick: number) => void)[] = [
  (map, pick) => map.addStage({ name: `Stage ${pick}`, index: pick % 3 }),
  (map, pick) => map.addLane({ name: `Lane ${pick}`, kind: 'notes', index: pick % 3 }),
  (map, pick) => {
    const [stage, lane] = [one(map.journey.stages, pick), one(map.journey.lanes, pick)];
    if (stage && lane) map.addCard({ stage: stage.id, lane: lane.id, text: `Card ${pick} 😀` });
  },
  (map, pick) => map.removeCards(map.journey.cards.slice(pick % 3, 2).map(({ id }) => id)),
  (map, pick) => {
    const card = one(map.journey.cards, pick);
    if (card) map.cardText(card.id)?.insert(pick % (card.text.length + 1), pick % 2 ? 'x😀y' : 'ab');
  },
  (map, pick) => {
    const [card, stage, lane] = [
      one(map.journey.cards, pick),
      one(map.journey.stages, pick),
      one(map.journey.lanes, pick)
    ];
    if (card && stage && lane) map.moveCards([card.id], { stage: stage.id, lane: lane.id });
  },
  (map, pick) => map.setTitle(`Title ${pick}`),
  (map, pick) => map.setMetric(settingsKey('horizon'), pick % 2 ? pick + 1 : undefined),
  (map, pick) => {
    const stage = one(map.journey.stages, pick);
    if (stage && map.journey.stages.length > 1) map.removeStage(stage.id);
  },
  (map, pick) => {
    const id = map.addScenario({ name: `Scenario ${pick}` });
    map.setOverride(id, settingsKey('horizon'), pick + 1);
  },
  (map, pick) => map.decisions.addOpportunity(`Opportunity ${pick}`)
];
const one = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(list.length, 1)];

const edits = fc.array(fc.tuple(fc.nat({ max: EDITS.length - 1 }), fc.nat({ max: 20 })), { maxLength: 25 });
const run = (map: JourneyDocument, steps: readonly (readonly [number, number])[]) => {
  for (const [edit, pick] of steps) EDITS[edit]?.(map, pick);
};

describe('restoring a state', () => {
  test('makes the document say what it said, on its own history, and others follow', () => {
    fc.assert(
      fc.property(edits, edits, (before, after) => {
        const doc = start();
        const map = new JourneyDocument(doc);
        run(map, before);
        const kept = documentOf(stateOf(doc).bytes);
        const said = contents(kept);
        run(map, after);
        const other = documentOf(stateOf(doc).bytes);
        const update = Y.encodeStateVector(other);
        map.restore(kept);
        expect(contents(doc)).toEqual(said);
        Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, update));
        expect(contents(other)).toEqual(said);
        expect(map.journey).toEqual(readJourney(kept));
        map.destroy();
      }),
      { numRuns: 25 }
    );
  });

  test('is one step of undo, which brings back what was there', () => {
    fc.assert(
      fc.property(edits, (after) => {
        const doc = start();
        const kept = documentOf(stateOf(doc).bytes);
        run(new JourneyDocument(doc), after);
        const map = new JourneyDocument(doc);
        const said = contents(doc);
        map.restore(kept);
        map.undo();
        expect(contents(doc)).toEqual(said);
        expect(map.canUndo).toBe(false);
        map.redo();
        expect(contents(doc)).toEqual(contents(kept));
        map.destroy();
      }),
      { numRuns: 15 }
    );
  });

  test('keeps a shared text the same text, and what somebody else types meanwhile', () => {
    const doc = start();
    const map = new JourneyDocument(doc);
    const { stages, lanes } = map.journey;
    const id = map.addCard({
      stage: stages[0]?.id as StageId,
      lane: lanes[0]?.id as LaneId,
      text: 'first words'
    });
    const kept = documentOf(stateOf(doc).bytes);
    map.cardText(id)?.insert(5, ' and other');
    const other = documentOf(stateOf(doc).bytes);
    const theirs = (rootsOf(other).cards.get(id)?.get('text') as Y.Text | undefined) ?? null;
    theirs?.insert(0, 'Mine: ');
    map.restore(kept);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(map.journey.cards.find((card) => card.id === id)?.text).toBe('Mine: first words');
  });

  test('touches nothing that is alike', () => {
    const doc = start();
    const kept = documentOf(stateOf(doc).bytes);
    let updates = 0;
    doc.on('update', () => updates++);
    restoreContents(doc, kept);
    expect(updates).toBe(0);
    expect(restoreSize(doc, kept)).toBeLessThan(30);
  });

  test('rule 40: carries records along that this program does not know', () => {
    const doc = start();
    const deep = new Y.Map<unknown>([['list', Y.Array.from(['a', { b: 1 }])]]);
    rootsOf(doc).cards.set('later', new Y.Map<unknown>([['deep', deep]]));
    const kept = documentOf(stateOf(doc).bytes);
    rootsOf(doc).cards.delete('later');
    restoreContents(doc, kept);
    expect(contents(doc)).toEqual(contents(kept));
    expect(restoreSize(doc, start())).toBeGreaterThan(0);
  });

  test('keeps the marks of a formatted text', () => {
    const doc = start();
    const text = new Y.Text('plain bold');
    rootsOf(doc).cards.set('marked', new Y.Map<unknown>([['text', text]]));
    text.format(6, 4, { bold: true });
    const kept = documentOf(stateOf(doc).bytes);
    text.delete(0, 6);
    restoreContents(doc, kept);
    expect(text.toDelta()).toEqual([{ insert: 'plain ' }, { insert: 'bold', attributes: { bold: true } }]);
  });
});

test('a state that is not a whole document is refused', () => {
  expect(() => documentOf(Uint8Array.of(1, 2, 3))).toThrow(UnreadableState);
  const doc = new Y.Doc();
  doc.getMap('map').set('title', 'a');
  const first = Y.encodeStateVector(doc);
  doc.getMap('map').set('title', 'b');
  expect(() => documentOf(Y.encodeStateAsUpdateV2(doc, first))).toThrow(UnreadableState);
});

test('who wrote between two states is told by their client ids', () => {
  const doc = new Y.Doc();
  doc.getMap('map').set('title', 'a');
  const before = Y.encodeStateVector(doc);
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  other.getMap('map').set('title', 'b');
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  expect(writersBetween(before, Y.encodeStateVector(doc))).toEqual(new Set([other.clientID]));
  expect(writersBetween(null, Y.encodeStateVector(doc))).toEqual(new Set([doc.clientID, other.clientID]));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { fileOf, journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile } from '#lib/journey/file.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey, settingsKey, stageKey, transitionKey } from '#lib/journey/metrics.ts';
import { presetFile } from '#lib/journey/presets.ts';
import { JourneyDocument } from './journey-document.ts';
import { readJourney } from './read.ts';
import { snapshotOf, writeJourney } from './write.ts';

const opened = (snapshot = snapshotOf(journeyOf(presetFile('s3-eight', { currency: 'EUR' })))) => {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, snapshot);
  return new JourneyDocument(doc);
};

const sync = (a: JourneyDocument, b: JourneyDocument) => {
  Y.applyUpdate(b.doc, Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc)), 'remote');
  Y.applyUpdate(a.doc, Y.encodeStateAsUpdate(b.doc, Y.encodeStateVector(a.doc)), 'remote');
};

/** What people see, without the ranks that only stand for an order. */
const seen = (map: JourneyDocument) => {
  const { journey } = map;
  return {
    ...journey,
    metrics: [...journey.metrics].sort(),
    scenarios: journey.scenarios.map((scenario) => ({
      ...scenario,
      overrides: [...scenario.overrides].sort()
    }))
  };
};

/** One random edit, as words that fast-check can shrink. */
type Edit = readonly [kind: number, a: number, b: number, c: number];
const edits = fc.array(fc.tuple(fc.nat(19), fc.nat(9), fc.nat(9), fc.nat(9)), { maxLength: 30 });

function apply(map: JourneyDocument, [kind, a, b, c]: Edit): void {
  const { stages, lanes, cards, scenarios } = map.journey;
  const stage = stages[a % Math.max(1, stages.length)];
  const lane = lanes[b % Math.max(1, lanes.length)];
  const card = cards[c % Math.max(1, cards.length)];
  const scenario = scenarios[c % Math.max(1, scenarios.length)];
  const other = stages[c % Math.max(1, stages.length)];
  if (kind === 0) map.addStage({ name: `stage ${a}`, index: b });
  if (kind === 1) map.addLane({ name: `lane ${a}`, kind: 'touchpoints', index: b });
  if (kind === 2 && stage) map.moveStage(stage.id, b);
  if (kind === 3 && lane) map.moveLane(lane.id, a);
  if ((kind === 4 || kind === 5) && stage && lane)
    map.addCard({ stage: stage.id, lane: lane.id, index: c, text: `card ${a}` });
  if (kind === 6 && card && stage && lane)
    map.moveCards([card.id], { stage: stage.id, lane: lane.id, index: c });
  if (kind === 7 && card) map.typing(() => map.cardText(card.id)?.insert(0, 'x'));
  if (kind === 8 && stage && other) map.setTransition(stage.id, other.id, a / 10);
  if (kind === 9 && stage && lane) map.setMetric(cellKey(lane.id, stage.id, 'cost'), b);
  if (kind === 10) map.addScenario({ name: 'what if' });
  if (kind === 11 && scenario && stage) map.setOverride(scenario.id, stageKey(stage.id, 'dwell'), b);
  if (kind === 12 && card) map.removeCards([card.id]);
  if (kind === 13 && stage && stages.length > 2) map.removeStage(stage.id);
  if (kind === 14 && lane && lanes.length > 2) map.removeLane(lane.id);
  if (kind === 15) map.setTitle(`title ${a}`);
  if (kind === 16 && card) map.facets.addTag([card.id], `tag ${a % 3}`);
  if (kind === 17 && card) map.facets.addLink(card.id, { url: `https://example.org/${a}` });
  if (kind === 18 && card) map.facets.set([card.id], 'sentiment', { kind: 'pain', severity: 1 });
  if (kind === 19 && card) map.facets.removeTag([card.id], `tag ${b % 3}`);
}

describe('journey document', () => {
  test('D1 what is read piece by piece equals what is read at once, and unchanged records keep their identity', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const map = opened();
        for (const edit of list) {
          const before = new Map(map.journey.cards.map((card) => [card.id, card]));
          apply(map, edit);
          expect(map.journey).toEqual(readJourney(map.doc));
          if (edit[0] === 15) for (const card of map.journey.cards) expect(before.get(card.id)).toBe(card);
        }
      }),
      { numRuns: 150 }
    );
  });

  test('rule 22, D2: two people who edit apart see the same map after syncing', () => {
    fc.assert(
      fc.property(edits, edits, (left, right) => {
        const snapshot = snapshotOf(journeyOf(presetFile('s0-five', { currency: 'EUR' })));
        const [a, b] = [opened(snapshot), opened(snapshot)];
        left.forEach((edit) => apply(a, edit));
        right.forEach((edit) => apply(b, edit));
        sync(a, b);
        expect(seen(a)).toEqual(seen(b));
      }),
      { numRuns: 150 }
    );
  });

  test('rule 22, D3: undoing all own steps and redoing them leaves the map as it was, while another person edits', () => {
    fc.assert(
      fc.property(edits, edits, (own, foreign) => {
        const snapshot = snapshotOf(journeyOf(presetFile('s0-four', { currency: 'EUR' })));
        const [a, b] = [opened(snapshot), opened(snapshot)];
        own.forEach((edit) => apply(a, edit));
        // The other person only adds, so that their edits and ours meet on no record.
        foreign.filter(([kind]) => [0, 1, 10].includes(kind)).forEach((edit) => apply(b, edit));
        sync(a, b);
        const before = seen(a);
        let steps = 0;
        for (; a.canUndo && steps < 200; steps += 1) a.undo();
        for (; a.canRedo && steps > 0; steps -= 1) a.redo();
        expect(seen(a)).toEqual(before);
      }),
      { numRuns: 100 }
    );
  });

  test('D4 one undo brings a removed stage back with its cards, words, numbers, arrows and overrides', () => {
    const map = opened();
    const [stage, next] = map.journey.stages.map(({ id }) => id) as [StageId, StageId];
    const lane = map.journey.lanes[0]?.id as LaneId;
    const card = map.addCard({ stage, lane, text: 'I look around' });
    map.setMetric(cellKey(lane, stage, 'cost'), 3);
    map.setTransition(stage, next, 0.4);
    const scenario = map.addScenario({ name: 'what if' });
    map.setOverride(scenario, stageKey(stage, 'dwell'), 2);
    map.endStep();
    const before = seen(map);
    map.removeStage(stage);
    expect(map.journey.cards.some(({ id }) => id === card)).toBe(false);
    expect([...map.journey.metrics.keys()].filter((key) => key.includes(stage))).toEqual([]);
    map.undo();
    expect(seen(map)).toEqual(before);
  });

  test('D5 a card that somebody adds to a stage while another removes it is not lost: it waits to be placed', () => {
    const snapshot = snapshotOf(journeyOf(presetFile('s0-four', { currency: 'EUR' })));
    const [a, b] = [opened(snapshot), opened(snapshot)];
    const stage = a.journey.stages[0]?.id as StageId;
    const lane = a.journey.lanes[0]?.id as LaneId;
    a.removeStage(stage);
    const card = b.addCard({ stage, lane, text: 'I was typing' });
    sync(a, b);
    expect(a.journey.unplaced).toMatchObject([{ id: card, text: 'I was typing' }]);
    expect(b.journey.unplaced).toEqual(a.journey.unplaced);
    const home = a.journey.stages[0]?.id as StageId;
    a.moveCards([card], { stage: home, lane });
    expect(a.journey.unplaced).toEqual([]);
    expect(a.cardsIn(lane, home).map(({ text }) => text)).toEqual(['I was typing']);
  });

  test('D6 undo takes back own steps only', () => {
    const snapshot = snapshotOf(journeyOf(presetFile('s0-four', { currency: 'EUR' })));
    const [a, b] = [opened(snapshot), opened(snapshot)];
    a.renameStage(a.journey.stages[0]?.id as StageId, 'Mine');
    b.renameStage(b.journey.stages[1]?.id as StageId, 'Theirs');
    sync(a, b);
    a.undo();
    expect(a.journey.stages.map(({ name }) => name)).toEqual([
      'Awareness',
      'Theirs',
      'Purchase',
      'Post-purchase'
    ]);
    expect(a.canUndo).toBe(false);
  });

  test('rule 39, D7: malformed records of a raw client leave the rest readable', () => {
    const map = opened();
    const count = map.journey.stages.length;
    map.doc.transact(() => {
      const stages = map.doc.getMap('stages');
      stages.set('text', 'not a record');
      stages.set('no/id', new Y.Map());
      const odd = new Y.Map<unknown>();
      odd.set('name', { deep: true });
      odd.set('rank', 7);
      odd.set('width', Number.NaN);
      stages.set('odd', odd);
      map.doc.getMap('metrics').set('stages/odd/colour', 3);
      map.doc.getMap('metrics').set('stages/odd/dwell', 'three');
      map.doc.getMap('scenarios').set('s', new Y.Map());
    }, 'raw');
    expect(map.journey.stages).toHaveLength(count + 1);
    expect(map.journey.stages.at(-1)).toMatchObject({ id: 'odd', name: '', width: 240, kind: null });
    expect([...map.journey.metrics].filter(([key]) => key.startsWith('stages/odd'))).toEqual([
      ['stages/odd/dwell', NaN]
    ]);
    expect(map.journey.scenarios).toMatchObject([{ id: 's', name: '' }]);
    expect(map.journey).toEqual(readJourney(map.doc));
  });

  test('D8 only an empty document takes a map', () => {
    const map = opened();
    expect(() => writeJourney(map.doc, map.journey)).toThrow('empty');
  });

  test('D10 a promoted scenario is the baseline, says whose it is, and comes back with one undo', () => {
    const map = opened();
    const rate = settingsKey('annualDiscountRate');
    const promote = (name: string, value: number, by: string, at: string) => {
      const scenario = map.addScenario({ name });
      map.setOverride(scenario, rate, value);
      map.decisions.promoteScenario(scenario, by, new Date(at));
    };
    promote('Cheap money', 0.02, 'Ann', '2026-05-01T08:00:00Z');
    const first = { scenario: 'Cheap money', by: 'Ann', at: '2026-05-01T08:00:00.000Z' };
    expect(map.journey.settings.promotion).toEqual(first);
    expect(map.journey.metrics.get(rate)).toBe(0.02);
    expect(map.journey.scenarios).toEqual([]);
    promote('Dear money', 0.2, 'Ben', '2026-06-01T08:00:00Z');
    expect(map.journey.settings.promotion).toMatchObject({ scenario: 'Dear money', by: 'Ben' });
    map.undo();
    expect(map.journey.settings.promotion).toEqual(first);
    expect(map.journey.metrics.get(rate)).toBe(0.02);
    expect(map.journey.scenarios).toMatchObject([{ name: 'Dear money' }]);
    const file = fileOf(map.journey);
    expect(parseMapFile(JSON.parse(JSON.stringify(file)))).toEqual({ ok: true, file });
    expect(journeyOf(file).settings.promotion).toEqual(first);
  });

  test('D9 an arrow keeps its share when it is drawn again, and takes its overrides along when it goes', () => {
    const map = opened();
    const [from, to] = map.journey.stages.map(({ id }) => id) as [StageId, StageId];
    map.setTransition(from, to, 0.5);
    map.drawTransition(from, to);
    expect(map.journey.metrics.get(transitionKey(from, to))).toBe(0.5);
    const scenario = map.addScenario({ name: 'what if' });
    map.setOverride(scenario, transitionKey(from, to), 0.7);
    map.removeTransition(from, to);
    expect(map.journey.metrics.has(transitionKey(from, to))).toBe(false);
    expect(map.journey.scenarios[0]?.overrides.size).toBe(0);
  });
});

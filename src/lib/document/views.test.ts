import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { fileOf, journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile } from '#lib/journey/file.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { presetFile } from '#lib/journey/presets.ts';
import { NO_FILTER } from '#lib/journey/views.ts';
import { JourneyDocument } from './journey-document.ts';
import { readJourney } from './read.ts';
import type { Seen } from './view-commands.ts';
import { snapshotOf } from './write.ts';

const opened = (snapshot = snapshotOf(journeyOf(presetFile('s0-four', { currency: 'EUR' })))) => {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, snapshot);
  return new JourneyDocument(doc);
};

const seenOn = ({ journey }: JourneyDocument, more: Partial<Seen> = {}): Seen => ({
  area: { x: -150, y: -80.5, width: 1200, height: 800 },
  filter: { ...NO_FILTER, lane: journey.lanes[0]?.id ?? null, tag: 'New' },
  folded: [journey.stages[1]?.id, journey.lanes[2]?.id].flatMap((id) => id ?? []),
  scenario: null,
  ...more
});

describe('saved views', () => {
  test('D15 are kept in order, renamed, brought up to date and removed, each as one step', () => {
    const map = opened();
    const scenario = map.addScenario({ name: 'Better' });
    map.clearUndo();
    const [one, two] = [map.views.add('One', seenOn(map)), map.views.add('Two', seenOn(map, { scenario }))];
    if (one === null || two === null) throw new Error('they fit');
    map.views.rename(one, 'First');
    map.views.update(two, seenOn(map, { filter: NO_FILTER, folded: [] }));
    expect(map.journey.views).toEqual([
      { id: one, name: 'First', rank: expect.any(String) as string, ...seenOn(map) },
      {
        id: two,
        name: 'Two',
        rank: expect.any(String) as string,
        ...seenOn(map, { filter: NO_FILTER, folded: [] })
      }
    ]);
    expect(readJourney(map.doc).views).toEqual(map.journey.views);
    map.undo();
    expect(map.journey.views[1]).toMatchObject(seenOn(map, { scenario }));
    map.views.remove(one);
    expect(map.journey.views.map(({ id }) => id)).toEqual([two]);
    for (let step = 0; step < 4; step += 1) map.undo();
    expect(map.journey.views).toEqual([]);
    expect(map.canUndo).toBe(false);
  });

  test('J16 a view reads from a file and writes back to the same file', () => {
    const map = opened();
    const scenario = map.addScenario({ name: 'Better' });
    map.views.add('All of it', seenOn(map, { filter: NO_FILTER, folded: [] }));
    map.views.add('Narrow', seenOn(map, { scenario }));
    const file = fileOf(map.journey);
    expect(file.views).toHaveLength(2);
    const parsed = parseMapFile(JSON.parse(JSON.stringify(file)));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(fileOf(journeyOf(parsed.file))).toEqual(file);
    // What is gone from the map has no part in the file.
    map.removeScenario(scenario);
    map.removeLane(map.journey.lanes[0]?.id as never);
    map.removeStage(map.journey.stages[1]?.id as never);
    const [, narrow] = fileOf(map.journey).views ?? [];
    expect(narrow).toMatchObject({ filter: { tag: 'New' } });
    expect(narrow?.filter).not.toHaveProperty('lane');
    expect(narrow).not.toHaveProperty('scenario');
    expect(parseMapFile(fileOf(map.journey)).ok).toBe(true);
  });

  test.each([
    ['a lane that is not there', { filter: { lane: 'nowhere' } }, '/views/0/filter/lane', 'E_UNKNOWN_LANE'],
    ['a fold that is not there', { folded: ['nowhere'] }, '/views/0/folded/0', 'E_UNKNOWN_STAGE'],
    ['a scenario that is not there', { scenario: 'nowhere' }, '/views/0/scenario', 'E_UNKNOWN_SCENARIO'],
    [
      'an area without width',
      { area: { x: 0, y: 0, width: 0, height: 1 } },
      '/views/0/area/width',
      'E_RANGE'
    ],
    ['an unknown part of a filter', { filter: { mood: 'x' } }, '/views/0/filter/mood', 'E_UNKNOWN_FIELD']
  ])('J16 %s is refused by path', (_what, part, path, code) => {
    const view = { id: 'v', name: 'V', area: { x: 0, y: 0, width: 10, height: 10 }, ...part };
    const parsed = parseMapFile({ ...presetFile('s0-four', { currency: 'EUR' }), views: [view] });
    expect(parsed.ok ? [] : parsed.problems.map((problem) => [problem.path, problem.code])).toContainEqual([
      path,
      code
    ]);
  });

  test('D7 whatever a foreign client writes there reads as a view within its bounds', () => {
    const map = opened();
    const view = new Y.Map<unknown>();
    map.doc.getMap('views').set('v', view);
    for (const [field, value] of Object.entries({
      name: 7,
      area: { x: NaN, y: 1e300, width: -3, height: 'x' },
      filter: { lane: '__proto__', tag: 'x'.repeat(999), color: 'loud', author: 5 },
      folded: ['a', 'a', '../b', 7],
      scenario: { evil: true }
    }))
      view.set(field, value);
    expect(map.journey.views).toEqual([
      {
        id: 'v',
        name: '',
        rank: expect.any(String) as string,
        area: { x: 0, y: LIMITS.coordinate.max, width: 1, height: 800 },
        filter: { ...NO_FILTER, tag: 'x'.repeat(LIMITS.tag) },
        folded: ['a'],
        scenario: null
      }
    ]);
  });

  test('no more fit than a map may have', () => {
    const map = opened();
    for (let index = 0; index < LIMITS.views; index += 1)
      expect(map.views.add(`V${index}`, seenOn(map))).not.toBeNull();
    expect(map.views.add('One more', seenOn(map))).toBeNull();
  });
});

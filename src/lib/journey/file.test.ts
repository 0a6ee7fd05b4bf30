import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileOf, journeyOf } from './file-convert.ts';
import { parseMapFile, pointerOf, type FileProblem } from './file.ts';
import type { StageId } from './ids.ts';
import { stageKey, transitionKey } from './metrics.ts';
import { EXAMPLE_IDS, PRESETS, PRESET_IDS, presetFile } from './presets.ts';

const example = (id: string) =>
  JSON.parse(readFileSync(new URL(`../../../static/examples/${id}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;

const trial = () => example('subscription-trial');

/** The trial example with one place of it changed. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const file = trial();
  let place: Record<string | number, unknown> = file;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) delete place[last];
  else place[last] = value;
  return file;
}

const problemsOf = (input: unknown): readonly Pick<FileProblem, 'path' | 'code'>[] => {
  const parsed = parseMapFile(input, '/map');
  return parsed.ok ? [] : parsed.problems.map(({ path, code }) => ({ path, code }));
};

describe('map file', () => {
  test.each(EXAMPLE_IDS)('J1 the example %s reads, and writes back to the same file', (id) => {
    const parsed = parseMapFile(example(id));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(fileOf(journeyOf(parsed.file))).toEqual(example(id));
  });

  test.each(PRESET_IDS)('J2 the preset %s is a valid file', (id) => {
    const parsed = parseMapFile(presetFile(id, { currency: 'EUR' }));
    expect(parsed).toMatchObject({ ok: true });
  });

  test.each<[string, unknown, string, string]>([
    ['an unknown field', changed(['stages', 0, 'colour'], 'red'), '/map/stages/0/colour', 'E_UNKNOWN_FIELD'],
    ['an unknown field at the top', changed(['extra'], 1), '/map/extra', 'E_UNKNOWN_FIELD'],
    [
      'a probability of 12',
      changed(['transitions', 0, 'probability'], 12),
      '/map/transitions/0/probability',
      'E_RANGE'
    ],
    ['a negative cost', changed(['cells', 5, 'cost'], -1), '/map/cells/5/cost', 'E_RANGE'],
    ['half a tick', changed(['stages', 3, 'dwell'], 1.5), '/map/stages/3/dwell', 'E_INTEGER'],
    ['a number as text', changed(['stages', 3, 'orderValue'], '39'), '/map/stages/3/orderValue', 'E_TYPE'],
    ['another format', changed(['format'], 'meander-map/2'), '/map/format', 'E_FORMAT'],
    ['no title', changed(['title'], undefined), '/map/title', 'E_MISSING'],
    [
      'a currency in words',
      changed(['settings', 'currency'], 'euro'),
      '/map/settings/currency',
      'E_CURRENCY'
    ],
    ['an unknown lane kind', changed(['lanes', 0, 'kind'], 'things'), '/map/lanes/0/kind', 'E_ENUM'],
    ['an id that is none', changed(['cards', 0, 'id'], '__proto__'), '/map/cards/0/id', 'E_ID'],
    ['a stage twice', changed(['stages', 1, 'id'], 'visit'), '/map/stages/1/id', 'E_DUPLICATE'],
    [
      'a transition to nowhere',
      changed(['transitions', 0, 'to'], 'nowhere'),
      '/map/transitions/0/to',
      'E_UNKNOWN_STAGE'
    ],
    ['a card in no lane', changed(['cards', 0, 'lane'], 'nowhere'), '/map/cards/0/lane', 'E_UNKNOWN_LANE'],
    [
      'an override of nothing',
      changed(['scenarios', 0, 'overrides', 0, 'metric'], 'stages/visit/colour'),
      '/map/scenarios/0/overrides/0/metric',
      'E_UNKNOWN_METRIC'
    ],
    [
      'an override out of range',
      changed(['scenarios', 0, 'overrides', 0, 'value'], 3),
      '/map/scenarios/0/overrides/0/value',
      'E_RANGE'
    ],
    [
      'a link that runs a script',
      changed(['cards', 0, 'links'], [{ url: 'javascript:alert(1)' }]),
      '/map/cards/0/links/0/url',
      'E_URL'
    ],
    ['a colour out of the palette', changed(['cards', 0, 'color'], '#f00'), '/map/cards/0/color', 'E_ENUM'],
    ['a tag with a "#"', changed(['cards', 0, 'tags'], ['#x']), '/map/cards/0/tags/0', 'E_TAG'],
    ['a tag twice', changed(['cards', 0, 'tags'], ['New', 'new']), '/map/cards/0/tags/1', 'E_DUPLICATE'],
    [
      '21 tags',
      changed(
        ['cards', 0, 'tags'],
        Array.from({ length: 21 }, (_, index) => `t${index}`)
      ),
      '/map/cards/0/tags',
      'E_TOO_MANY'
    ],
    [
      'a severity of 4',
      changed(['cards', 0, 'sentiment'], { kind: 'pain', severity: 4 }),
      '/map/cards/0/sentiment/severity',
      'E_ENUM'
    ],
    ['a title of 201 characters', changed(['title'], 'x'.repeat(201)), '/map/title', 'E_TOO_LONG']
  ])('J3 %s is refused by path and rule', (_what, input, path, code) => {
    expect(problemsOf(input)).toContainEqual({ path, code });
  });

  test.each([null, 3, 'text', [], { format: 'meander-map/1' }])('J4 %j is refused', (input) => {
    expect(parseMapFile(input)).toMatchObject({ ok: false });
  });

  test('J5 a number is found again by its pointer', () => {
    const parsed = parseMapFile(trial());
    if (!parsed.ok) throw new Error('the example is broken');
    const id = (text: string) => text as StageId;
    expect(pointerOf(parsed.file, transitionKey(id('trial'), id('active')), '/map')).toBe(
      '/map/transitions/3/probability'
    );
    expect(pointerOf(parsed.file, stageKey(id('active'), 'orderValue'))).toBe('/stages/3/orderValue');
  });
});

describe('presets', () => {
  test('J6 there are six, and the eight-stage one comes first', () => {
    expect(PRESETS.map(({ id }) => id)).toEqual([...PRESET_IDS]);
    expect(PRESETS.map(({ stages }) => stages.length)).toEqual([8, 6, 5, 5, 4, 0]);
  });

  test('J7 the eight stages carry objectives and activities, the last one is a band, and the lanes are the seven in order', () => {
    const file = presetFile('s3-eight', { currency: 'EUR' });
    for (const stage of file.stages) {
      expect(stage.customerObjective, stage.name).not.toBe('');
      expect(stage.businessObjective, stage.name).not.toBe('');
      expect(stage.keyActivities, stage.name).not.toBe('');
    }
    expect(file.stages.map(({ band }) => band ?? false)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      false,
      true
    ]);
    expect(file.lanes.map(({ kind }) => kind)).toEqual([
      'actions',
      'thoughts',
      'feelings',
      'businessActions',
      'touchpoints',
      'metrics',
      'opportunities'
    ]);
  });
});

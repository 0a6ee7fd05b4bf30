import * as Y from 'yjs';
import { expect, test } from 'vitest';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { MAP_SHAPES } from '#lib/document/shapes.ts';
import { writeJourney } from '#lib/document/write.ts';
import { journeyOf } from '#lib/journey/file-convert.ts';
import { stageKey } from '#lib/journey/metrics.ts';
import { PRESET_IDS, presetFile } from '#lib/journey/presets.ts';
import { bytesOf } from '../../tests/support/bytes.ts';
import { fingerprint } from '../../tests/support/peer.ts';
import { createRandom, firstSeed } from '../../tests/support/random.ts';
import { editAtRandom, TEST_SHAPES } from '../../tests/support/yjs-edits.ts';
import { guardUpdate } from './guard.ts';
import { Places, TooMuch } from './places.ts';
import { BadUpdate, walkUpdate } from './walk.ts';

const rules = { places: new Places(TEST_SHAPES), maxStructs: 20_000, mayWriteAs: () => true };

test('P30: the walk sees in random updates exactly what Yjs reads', () => {
  const random = createRandom(firstSeed());
  for (let round = 0; round < 200; round++) {
    const docs = [new Y.Doc(), new Y.Doc()];
    for (let edit = 0; edit < 30; edit++) {
      const doc = random.pick(docs);
      editAtRandom(doc, random);
      if (random.chance(0.3)) for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    }
    const bytes = Y.encodeStateAsUpdate(random.pick(docs));
    const expected = Y.decodeUpdate(bytes);
    const blocks: [number, number, number][] = [];
    const deletions: [number, number, number][] = [];
    let items = 0;
    let start = 0;
    walkUpdate(bytes, 20_000, {
      block: (_client, clock) => (start = clock),
      blockEnd: (client, end) => blocks.push([client, start, end]),
      skip: () => expect.unreachable(),
      item: () => items++,
      deletes: (client, clock, length) => deletions.push([client, clock, length])
    });
    const meta = Y.parseUpdateMeta(bytes);
    expect(blocks.sort()).toEqual([...meta.from].map(([c, from]) => [c, from, meta.to.get(c)]).sort());
    expect(items, `seed ${random.seed}`).toBe(expected.structs.filter((s) => s instanceof Y.Item).length);
    expect(deletions.sort()).toEqual(
      [...expected.ds.clients]
        .flatMap(([c, ranges]) => ranges.map(({ clock, len }) => [c, clock, len]))
        .sort()
    );
  }
});

test('P36: an honest update passes in order, and is a gap out of order', () => {
  const source = new Y.Doc();
  const updates: Uint8Array[] = [];
  source.on('update', (update: Uint8Array) => updates.push(update));
  source.getMap('cards').set('a', new Y.Map([['text', new Y.Text('one')]]));
  (source.getMap('cards').get('a') as Y.Map<Y.Text>).get('text')?.insert(3, ' two');
  source.getMap('cards').delete('a');
  const [first, second, third] = updates as [Uint8Array, Uint8Array, Uint8Array];
  const target = new Y.Doc();
  expect(guardUpdate(target, second, rules)).toEqual({ kind: 'gap' });
  expect(guardUpdate(target, third, rules)).toEqual({ kind: 'gap' });
  for (const update of [first, second, third]) {
    expect(guardUpdate(target, update, rules)).toMatchObject({ kind: 'fine', clientId: source.clientID });
    Y.applyUpdate(target, update);
  }
  expect(guardUpdate(target, first, rules)).toMatchObject({ kind: 'fine', writers: [] });
});

/** Everything `edit` does on a document that starts as `start`, as one update each way: from before, and from nothing. */
const updatesOf = (edit: (doc: Y.Doc) => void, start: Y.Doc = new Y.Doc()): Uint8Array => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(start));
  const before = Y.encodeStateVector(doc);
  doc.transact(() => edit(doc));
  return Y.encodeStateAsUpdate(doc, before);
};

const mapRules = { places: new Places(MAP_SHAPES), maxStructs: 400_000, mayWriteAs: () => true };
const judge = (edit: (doc: Y.Doc) => void, doc = new Y.Doc()) =>
  guardUpdate(doc, updatesOf(edit, doc), mapRules);
const stages =
  (count: number, from = 0) =>
  (doc: Y.Doc) => {
    for (let index = from; index < from + count; index++)
      doc.getMap('stages').set(`s${index}`, new Y.Map([['name', `Stage ${index}`]]));
  };
const card =
  (...fields: [string, unknown][]) =>
  (doc: Y.Doc) =>
    doc.getMap('cards').set('c', new Y.Map(fields));

test.each<[string, (doc: Y.Doc) => void]>([
  ['a field that no card has', card(['colour', 'red'])],
  ['a table where letters belong', card(['text', new Y.Map()])],
  ['letters where a plain value belongs', card(['rank', new Y.Text('a')])],
  ['a plain value where letters belong', card(['text', 'plain'])],
  ['a table in a table in a table', card(['text', new Y.Map([['x', new Y.Map()]])])],
  ['a plain value for a whole card', (doc) => doc.getMap('cards').set('c', { text: 'x' })],
  ['a list among the cards', (doc) => doc.getArray('cards').push([1])],
  ['a key that is no id', (doc) => doc.getMap('cards').set('a b', new Y.Map())],
  ['a key that is no number of a map', (doc) => doc.getMap('metrics').set('stages/x/height', 1)],
  ['a root that no map has', (doc) => doc.getMap('other').set('x', 1)],
  ['letters at a root', (doc) => doc.getText('map').insert(0, 'x')],
  ['a link under no id', card(['link:a b', { url: 'https://example.org' }])],
  ['a list as a value', card(['text', new Y.Array()])]
])('P31: %s is refused', (_what, edit) => {
  expect(() => judge(edit)).toThrow(BadUpdate);
});

const picture =
  (...fields: [string, unknown][]) =>
  (doc: Y.Doc) =>
    doc.getMap('objects').set('o', new Y.Map<unknown>([['kind', 'image'], ...fields]));
const HASH = 'ab'.repeat(32);

test.each<[string, (doc: Y.Doc) => void]>([
  ['an address', picture(['hash', 'https://example.org/pixel.png'])],
  ['an address of this server', picture(['hash', `/maps/x/images/${HASH}`])],
  ['data', picture(['hash', 'data:image/svg+xml,<svg onload=alert(1)>'])],
  ['a hash and more', picture(['hash', `${HASH}/..`])],
  ['a hash with a line end', picture(['hash', `${HASH}\n`])],
  ['a hash in capitals', picture(['hash', HASH.toUpperCase()])],
  ['an object', picture(['hash', { href: 'https://example.org' }])],
  ['a list of hashes', picture(['hash', [HASH]])],
  ['a number', picture(['hash', 7])],
  ['a source beside the hash', picture(['hash', HASH], ['src', 'https://example.org/pixel.png'])],
  ['an address beside the hash', picture(['hash', HASH], ['url', 'https://example.org/pixel.png'])]
])('P31: a picture that is %s is refused', (_what, edit) => {
  expect(() => judge(edit)).toThrow(BadUpdate);
});

test('P31: a picture is named by its hash, also where one replaces another', () => {
  const doc = new Y.Doc();
  expect(judge(picture(['hash', HASH])).kind).toBe('fine');
  Y.applyUpdate(doc, updatesOf(picture(['hash', HASH])));
  const set = (value: unknown) => () =>
    judge((copy) => (copy.getMap('objects').get('o') as Y.Map<unknown>).set('hash', value), doc);
  expect(set('cd'.repeat(32))().kind).toBe('fine');
  expect(set('//example.org')).toThrow(BadUpdate);
});

test('P31: what is refused in one update is refused step by step, and beside what was there', () => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, updatesOf(card(['text', new Y.Text('a')], ['rank', 'a0'])));
  const live = () => doc.getMap('cards').get('c') as Y.Map<unknown>;
  expect(live().get('rank')).toBe('a0');
  const change = (edit: (card: Y.Map<unknown>) => void) => () =>
    judge((copy) => edit(copy.getMap('cards').get('c') as Y.Map<unknown>), doc);
  expect(change((one) => one.set('rank', 'a1'))().kind).toBe('fine');
  expect(change((one) => one.set('rank', new Y.Text('a1')))).toThrow(BadUpdate);
  expect(change((one) => one.set('colour', 1))).toThrow(BadUpdate);
  expect(change((one) => (one.get('text') as Y.Text).insertEmbed(0, { a: 1 }))).toThrow(BadUpdate);
  expect(change((one) => (one.get('text') as Y.Text).setAttribute('a', 1))).toThrow(BadUpdate);
});

test.each<[string, (doc: Y.Doc) => void]>([
  ['3,000 stages', stages(3_000)],
  [
    'a text of 200,000 letters',
    (doc) => doc.getMap('cards').set('c', new Y.Map([['text', new Y.Text('x'.repeat(200_000))]]))
  ],
  [
    'a name of 10,000 letters',
    (doc) => doc.getMap('stages').set('s', new Y.Map([['name', 'x'.repeat(10_000)]]))
  ],
  [
    'a title of 1 MB in pieces',
    (doc) =>
      doc.getMap('map').set(
        'title',
        Array.from({ length: 900 }, () => 'x'.repeat(20))
      )
  ]
])('P38: %s is too much', (_what, edit) => {
  expect(() => judge(edit)).toThrow(TooMuch);
});

test('P38: limits hold step by step, and for what is exchanged at once only what remains counts', () => {
  const doc = new Y.Doc();
  const apply = (edit: (doc: Y.Doc) => void) => {
    const update = updatesOf(edit, doc);
    expect(guardUpdate(doc, update, mapRules).kind).toBe('fine');
    Y.applyUpdate(doc, update);
  };
  apply(stages(200));
  expect(() => judge(stages(1, 200), doc)).toThrow('stages: 100 at most');
  apply((copy) => {
    for (const id of [...copy.getMap('stages').keys()]) copy.getMap('stages').delete(id);
    stages(200, 300)(copy);
  });
  apply((copy) => copy.getMap('stages').set('s300', new Y.Map([['name', 'another']])));
  apply(card(['text', new Y.Text('x'.repeat(40_000))]));
  const text = (copy: Y.Doc) => (copy.getMap('cards').get('c') as Y.Map<unknown>).get('text') as Y.Text;
  expect(() => judge((copy) => text(copy).insert(0, 'x'), doc)).toThrow('10000 letters at most');
  apply((copy) => {
    text(copy).delete(0, 30_000);
    text(copy).insert(0, 'y'.repeat(30_000));
  });
  expect(text(doc).length).toBe(40_000);
});

test('P38: deletions that an update lists twice count once', () => {
  const doc = new Y.Doc();
  doc.clientID = 7;
  const honest = updatesOf(card(['text', new Y.Text('x'.repeat(80_000))]), doc);
  const { structs } = Y.decodeUpdate(honest);
  const client = structs[0]?.id.client ?? 0;
  const letters = structs.find(({ length }) => length > 1);
  const half = [letters?.id.clock ?? 0, 30_000];
  const twice = bytesOf(honest.slice(0, -1), 1, client, 3, ...half, ...half, ...half);
  expect(() => guardUpdate(new Y.Doc(), twice, mapRules)).toThrow(TooMuch);
});

test.each(PRESET_IDS)('the preset %s passes, as a map and edited by every command of the board', (preset) => {
  const doc = new Y.Doc();
  const source = new Y.Doc();
  const seen = new Y.Doc();
  writeJourney(source, journeyOf(presetFile(preset, { currency: 'EUR' })));
  doc.on('update', (update: Uint8Array) => {
    expect(guardUpdate(seen, update, mapRules).kind).toBe('fine');
    Y.applyUpdate(seen, update);
  });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(source));

  const map = new JourneyDocument(doc);
  map.setTitle('title'.repeat(100));
  const from = map.addStage({ name: 'x'.repeat(500), index: 0, band: true });
  const to = map.addStage({ name: 'To', index: 1 });
  const lane = map.addLane({ name: 'Lane', kind: 'notes', index: 0 });
  const one = map.addCard({ lane, stage: from, text: 'ü'.repeat(20_000) });
  const two = map.addCard({ lane, stage: from });
  map.cardText(two)?.insert(0, 'typed');
  map.stageText(from, 'customerObjective')?.insert(0, 'objective');
  map.facets.set([one, two], 'color', 'red');
  map.facets.set([one], 'sentiment', { kind: 'pain', severity: 2 });
  map.facets.set([one], 'owner', 'Ann');
  for (let index = 0; index < 20; index++) {
    map.facets.addTag([one], `tag ${index} ${'ü'.repeat(30)}`);
    map.facets.addLink(one, { url: `https://example.org/${'x'.repeat(1_900)}`, title: 'ü'.repeat(200) });
  }
  map.setStageKind(from, null);
  map.resizeStage(from, 300);
  map.resizeLane(lane, 300);
  map.moveStage(from, 1);
  map.moveLane(lane, 0);
  map.moveCards([two, one], { lane, stage: to, index: 0 });
  map.setSetting('feelingsSource', 'ü'.repeat(4_000));
  map.setSetting('referralEntry', from);
  map.setMetric(stageKey(from, 'dwell'), 3);
  map.drawTransition(from, to);
  map.setTransition(from, to, 0.25);
  const scenario = map.addScenario({ name: 'Better' });
  map.setOverride(scenario, stageKey(from, 'dwell'), 2);
  const opportunity = map.decisions.addOpportunity(
    'Do it',
    new Map([[stageKey(from, 'dwell'), { how: 'add', amount: 1 }]])
  );
  map.decisions.setOpportunity(opportunity, 'owner', 'Ann');
  map.decisions.setOpportunity(opportunity, 'business', 4);
  map.decisions.setRange(stageKey(from, 'dwell'), { kind: 'range', low: 1, mode: 2, high: 3 });
  const experiment = map.decisions.addExperiment({ name: 'A or B', from, to });
  map.decisions.setExperiment(experiment, 'a', { observed: 10, converted: 2 });
  map.decisions.addFit({
    name: 'Fit',
    model: 'bg-nbd',
    file: { name: 'orders.csv', sha256: '0'.repeat(64), rows: 3 },
    unit: 'week',
    until: '2026-01-01',
    customers: 3,
    repeatCustomers: 1,
    parameters: { r: 1.5, alpha: 2 },
    standardErrors: { r: 0.1 },
    logLikelihood: -3
  });
  map.decisions.promoteScenario(scenario);
  map.removeStage(from);
  map.undo();
  map.redo();
  map.undo();
  map.removeLane(lane);
  expect(guardUpdate(new Y.Doc(), Y.encodeStateAsUpdate(doc), mapRules).kind).toBe('fine');
  expect(fingerprint(seen)).toEqual(fingerprint(doc));
});

/** A card of client 7: its text at clock 0 below the map 1..; letters "abc" in it; then the field `color`. */
const known = () => {
  const doc = new Y.Doc();
  doc.clientID = 7;
  const one = new Y.Map<unknown>();
  doc.getMap('cards').set('c', one); // 7:0
  one.set('text', new Y.Text('abc')); // 7:1, letters 7:2 to 7:4
  one.set('color', 'red'); // 7:5
  return doc;
};
const LETTERS = 0b0000_0100;
const ORIGIN = 0b1000_0000;
const RIGHT = 0b0100_0000;

test('P35: a struct that is known in part has to be what is known of it', () => {
  const doc = known();
  // 7:5 is the colour; these letters would overlap it, and the rest of them be put beside it when read again.
  const update = bytesOf(1, 1, 7, 5, { byte: LETTERS | ORIGIN }, 7, 4, 'xyz', 0);
  expect(() => guardUpdate(doc, update, mapRules)).toThrow('contradicts');
  const honest = bytesOf(1, 1, 7, 6, { byte: LETTERS | ORIGIN }, 7, 4, 'xyz', 0);
  expect(guardUpdate(doc, honest, mapRules).kind).toBe('fine');
});

test('P35: the neighbours of a struct have to be in one place', () => {
  const doc = known();
  const update = bytesOf(1, 1, 7, 6, { byte: LETTERS | ORIGIN | RIGHT }, 7, 4, 7, 5, 'x', 0);
  expect(() => guardUpdate(doc, update, mapRules)).toThrow('neighbours');
  const honest = bytesOf(1, 1, 7, 6, { byte: LETTERS | ORIGIN | RIGHT }, 7, 3, 7, 4, 'x', 0);
  expect(guardUpdate(doc, honest, mapRules).kind).toBe('fine');
});

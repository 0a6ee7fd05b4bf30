import type * as Y from 'yjs';
import type { MapObject } from '#lib/journey/objects.ts';
import { byRank, placeCards } from '#lib/journey/order.ts';
import type {
  Card,
  Experiment,
  Journey,
  Lane,
  Opportunity,
  Scenario,
  Stage,
  StoredFit
} from '#lib/journey/records.ts';
import { rootsOf, type Root, type Roots, type YRecord } from './layout.ts';
import { readCard } from './read-card.ts';
import {
  readExperiment,
  readFit,
  readKeyed,
  readLane,
  readMetric,
  readOpportunity,
  readRange,
  readScenario,
  readSettings,
  readStage,
  readTitle
} from './read.ts';
import { readObject } from './read-object.ts';

/** What a transaction touched, by root; `local` when this very client made it. */
export interface JourneyChange {
  readonly journey: Journey;
  readonly local: boolean;
  readonly touched: ReadonlySet<Root>;
  readonly cards: ReadonlySet<string>; // ids of cards that were added, changed or removed
}

type Listener = (change: JourneyChange) => void;

const EMPTY: Journey = {
  title: '',
  settings: { tick: 'month', currency: 'EUR', referralEntry: null, feelingsSource: '' },
  stages: [],
  lanes: [],
  cards: [],
  unplaced: [],
  metrics: new Map(),
  scenarios: [],
  opportunities: [],
  ranges: new Map(),
  experiments: [],
  fits: [],
  objects: []
};

/** One root of records, parsed once and again only for the ids that an event names. */
class RecordCache<T> {
  readonly records = new Map<string, T>();
  readonly #root: Y.Map<YRecord>;
  readonly #read: (id: string, value: unknown) => T | null;

  constructor(root: Y.Map<YRecord>, read: (id: string, value: unknown) => T | null) {
    this.#root = root;
    this.#read = read;
    for (const id of root.keys()) this.refresh(id);
  }

  refresh(id: string): void {
    const parsed = this.#root.has(id) ? this.#read(id, this.#root.get(id)) : null;
    if (parsed === null) this.records.delete(id);
    else this.records.set(id, parsed);
  }
}

/**
 * Keeps a {@link Journey} in step with a Y.Doc by reading only the records that a transaction touched; all others keep
 * their identity, so that whoever draws or computes can compare by reference.
 */
export class JourneyReader {
  readonly #roots: Roots;
  readonly #stages: RecordCache<Stage>;
  readonly #lanes: RecordCache<Lane>;
  readonly #cards: RecordCache<Card>;
  readonly #scenarios: RecordCache<Scenario>;
  readonly #opportunities: RecordCache<Opportunity>;
  readonly #experiments: RecordCache<Experiment>;
  readonly #fits: RecordCache<StoredFit>;
  readonly #objects: RecordCache<MapObject>;
  readonly #listeners = new Set<Listener>();
  readonly #doc: Y.Doc;
  #journey: Journey;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#roots = rootsOf(doc);
    this.#stages = new RecordCache(this.#roots.stages, readStage);
    this.#lanes = new RecordCache(this.#roots.lanes, readLane);
    this.#cards = new RecordCache(this.#roots.cards, readCard);
    this.#scenarios = new RecordCache(this.#roots.scenarios, readScenario);
    this.#opportunities = new RecordCache(this.#roots.opportunities, readOpportunity);
    this.#experiments = new RecordCache(this.#roots.experiments, readExperiment);
    this.#fits = new RecordCache(this.#roots.fits, readFit);
    this.#objects = new RecordCache(this.#roots.objects, readObject);
    this.#journey = this.#assemble(null, new Set());
    doc.on('afterTransaction', this.#onTransaction);
  }

  get journey(): Journey {
    return this.#journey;
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  destroy(): void {
    this.#doc.off('afterTransaction', this.#onTransaction);
    this.#listeners.clear();
  }

  readonly #onTransaction = (transaction: Y.Transaction): void => {
    const touched = new Map<Root, Set<string>>();
    for (const [name, root] of Object.entries(this.#roots) as [Root, Y.AbstractType<unknown>][]) {
      const ids = touchedIds(transaction, root);
      if (ids.size > 0) touched.set(name, ids);
    }
    if (touched.size === 0) return;
    for (const id of touched.get('stages') ?? []) this.#stages.refresh(id);
    for (const id of touched.get('lanes') ?? []) this.#lanes.refresh(id);
    for (const id of touched.get('cards') ?? []) this.#cards.refresh(id);
    for (const id of touched.get('scenarios') ?? []) this.#scenarios.refresh(id);
    for (const id of touched.get('opportunities') ?? []) this.#opportunities.refresh(id);
    for (const id of touched.get('experiments') ?? []) this.#experiments.refresh(id);
    for (const id of touched.get('fits') ?? []) this.#fits.refresh(id);
    for (const id of touched.get('objects') ?? []) this.#objects.refresh(id);
    const roots = new Set(touched.keys());
    this.#journey = this.#assemble(this.#journey, roots);
    const change: JourneyChange = {
      journey: this.#journey,
      local: transaction.local,
      touched: roots,
      cards: touched.get('cards') ?? new Set()
    };
    for (const listener of [...this.#listeners]) listener(change);
  };

  #assemble(before: Journey | null, touched: ReadonlySet<Root>): Journey {
    const stale = (...roots: Root[]) => before === null || roots.some((root) => touched.has(root));
    const sorted = <T extends { id: string; rank: string }>(cache: RecordCache<T>) =>
      [...cache.records.values()].sort(byRank);
    const old = before ?? EMPTY;
    const stages = stale('stages') ? sorted(this.#stages) : old.stages;
    const lanes = stale('lanes') ? sorted(this.#lanes) : old.lanes;
    const placed = stale('stages', 'lanes', 'cards')
      ? placeCards(this.#cards.records.values(), stages, lanes)
      : { cards: old.cards, unplaced: old.unplaced };
    return {
      title: stale('map') ? readTitle(this.#roots.map) : old.title,
      settings: stale('map') ? readSettings(this.#roots.map) : old.settings,
      stages,
      lanes,
      ...placed,
      metrics: stale('metrics') ? readKeyed(this.#roots.metrics, readMetric) : old.metrics,
      scenarios: stale('scenarios') ? sorted(this.#scenarios) : old.scenarios,
      opportunities: stale('opportunities') ? sorted(this.#opportunities) : old.opportunities,
      ranges: stale('ranges') ? readKeyed(this.#roots.ranges, readRange) : old.ranges,
      experiments: stale('experiments') ? sorted(this.#experiments) : old.experiments,
      fits: stale('fits') ? sorted(this.#fits) : old.fits,
      objects: stale('objects') ? sorted(this.#objects) : old.objects
    };
  }
}

/** The record ids (or keys) directly under `root` that a transaction changed, however deep the change was. */
function touchedIds(transaction: Y.Transaction, root: Y.AbstractType<unknown>): Set<string> {
  const ids = new Set<string>();
  const direct = transaction.changed.get(root as Y.AbstractType<Y.YEvent<Y.AbstractType<unknown>>>);
  for (const key of direct ?? []) if (key !== null) ids.add(key);
  for (const type of transaction.changed.keys()) {
    const id = childOf(root, type as unknown as Y.AbstractType<unknown>);
    if (id !== null) ids.add(id);
  }
  return ids;
}

function childOf(root: Y.AbstractType<unknown>, type: Y.AbstractType<unknown>): string | null {
  let current: Y.AbstractType<unknown> | null = type;
  while (current !== null && current !== root) {
    const item: Y.Item | null = current._item;
    const parent = (item?.parent ?? null) as Y.AbstractType<unknown> | null;
    if (parent === root) return item?.parentSub ?? null;
    current = parent;
  }
  return null;
}

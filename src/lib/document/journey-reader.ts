import type * as Y from 'yjs';
import type { MapObject } from '#lib/journey/objects.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { placeCards, replaceCards, replaceRanked, type RecordChange } from '#lib/journey/order.ts';
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
import type { SavedView } from '#lib/journey/views.ts';
import { inOrder, isTooLong, type LeftOut } from './read-values.ts';
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
import { readView } from './read-view.ts';

/** What a transaction touched, by root; `local` when this very client made it. */
export interface JourneyChange {
  readonly journey: Journey;
  readonly local: boolean;
  readonly touched: ReadonlySet<Root>;
  readonly cards: ReadonlySet<string>; // ids of cards that were added, changed or removed
}

const MANY = 64; // changed records from which on sorting all of them anew is quicker

/** Records of the roots that can be large, as they were and as they are. */
interface Changes {
  readonly cards: readonly RecordChange<Card>[];
  readonly objects: readonly RecordChange<MapObject>[];
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
  objects: [],
  views: []
};

/** One root of records, parsed once and again only for the ids that an event names. */
class RecordCache<T extends { readonly id: string; readonly rank: string }> {
  readonly records = new Map<string, T>();
  readonly #root: Y.Map<YRecord>;
  readonly #read: (id: string, value: unknown) => T | null;
  readonly #max: number;
  readonly #letters: number;
  readonly #tooLong = new Set<string>();
  #wasFull = false;

  /** `max` records, whose texts have so many `letters`. */
  constructor(
    root: Y.Map<YRecord>,
    read: (id: string, value: unknown) => T | null,
    max: number,
    letters: number = LIMITS.stageText
  ) {
    this.#root = root;
    this.#read = read;
    this.#max = max;
    this.#letters = letters;
    for (const id of root.keys()) this.refresh(id);
  }

  /** Reads a record anew. Answers what it was and what it is. */
  refresh(id: string): { before: T | null; after: T | null } {
    const before = this.records.get(id) ?? null;
    const after = this.#root.has(id) ? this.#read(id, this.#root.get(id)) : null;
    if (after === null) this.records.delete(id);
    else this.records.set(id, after);
    if (after !== null && isTooLong(this.#root.get(id), this.#letters)) this.#tooLong.add(id);
    else this.#tooLong.delete(id);
    return { before, after };
  }

  inOrder(): T[] {
    return inOrder(this.records.values(), this.#max);
  }

  /** True when some are left out, or were at the last call: what was in order before then says nothing. */
  leavesOut(): boolean {
    const was = this.#wasFull;
    this.#wasFull = this.records.size > this.#max;
    return was || this.#wasFull;
  }

  get leftOut(): LeftOut {
    return { records: Math.max(0, this.records.size - this.#max), texts: this.#tooLong.size };
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
  readonly #views: RecordCache<SavedView>;
  readonly #listeners = new Set<Listener>();
  readonly #doc: Y.Doc;
  readonly #names: ReadonlyMap<unknown, Root>;
  #journey: Journey;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#roots = rootsOf(doc);
    this.#names = new Map(
      (Object.entries(this.#roots) as [Root, unknown][]).map(([name, root]) => [root, name])
    );
    this.#stages = new RecordCache(this.#roots.stages, readStage, LIMITS.stages);
    this.#lanes = new RecordCache(this.#roots.lanes, readLane, LIMITS.lanes);
    this.#cards = new RecordCache(this.#roots.cards, readCard, LIMITS.cards, LIMITS.cardText);
    this.#scenarios = new RecordCache(this.#roots.scenarios, readScenario, LIMITS.scenarios);
    this.#opportunities = new RecordCache(this.#roots.opportunities, readOpportunity, LIMITS.opportunities);
    this.#experiments = new RecordCache(this.#roots.experiments, readExperiment, LIMITS.experiments);
    this.#fits = new RecordCache(this.#roots.fits, readFit, LIMITS.fits);
    this.#objects = new RecordCache(this.#roots.objects, readObject, LIMITS.objects, LIMITS.objectText);
    this.#views = new RecordCache(this.#roots.views, readView, LIMITS.views);
    this.#journey = this.#assemble(null, new Set(), { cards: [], objects: [] });
    doc.on('afterTransaction', this.#onTransaction);
  }

  get journey(): Journey {
    return this.#journey;
  }

  /** What the document has above the limits of a map, and the journey therefore has not. */
  get leftOut(): LeftOut {
    const parts = [
      this.#stages,
      this.#lanes,
      this.#cards,
      this.#scenarios,
      this.#opportunities,
      this.#experiments,
      this.#fits,
      this.#objects,
      this.#views
    ].map(({ leftOut }) => leftOut);
    const sum = (of: keyof LeftOut) => parts.reduce((total, part) => total + part[of], 0);
    return { records: sum('records'), texts: sum('texts') };
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
    const touched = touchedIds(transaction, this.#names);
    if (touched.size === 0) return;
    for (const id of touched.get('stages') ?? []) this.#stages.refresh(id);
    for (const id of touched.get('lanes') ?? []) this.#lanes.refresh(id);
    const cards = [...(touched.get('cards') ?? [])].map((id) => this.#cards.refresh(id));
    for (const id of touched.get('scenarios') ?? []) this.#scenarios.refresh(id);
    for (const id of touched.get('opportunities') ?? []) this.#opportunities.refresh(id);
    for (const id of touched.get('experiments') ?? []) this.#experiments.refresh(id);
    for (const id of touched.get('fits') ?? []) this.#fits.refresh(id);
    for (const id of touched.get('views') ?? []) this.#views.refresh(id);
    const objects = [...(touched.get('objects') ?? [])].map((id) => this.#objects.refresh(id));
    const roots = new Set(touched.keys());
    this.#journey = this.#assemble(this.#journey, roots, { cards, objects });
    const change: JourneyChange = {
      journey: this.#journey,
      local: transaction.local,
      touched: roots,
      cards: touched.get('cards') ?? new Set()
    };
    for (const listener of [...this.#listeners]) listener(change);
  };

  #assemble(before: Journey | null, touched: ReadonlySet<Root>, changes: Changes): Journey {
    const stale = (...roots: Root[]) => before === null || roots.some((root) => touched.has(root));
    const sorted = <T extends { readonly id: string; readonly rank: string }>(cache: RecordCache<T>) =>
      cache.inOrder();
    const leavesOut = { cards: this.#cards.leavesOut(), objects: this.#objects.leavesOut() };
    const old = before ?? EMPTY;
    const stages = stale('stages') ? sorted(this.#stages) : old.stages;
    const lanes = stale('lanes') ? sorted(this.#lanes) : old.lanes;
    const placed =
      stale('stages', 'lanes') || leavesOut.cards || changes.cards.length > MANY
        ? placeCards(this.#cards.inOrder(), stages, lanes)
        : replaceCards(old, changes.cards, stages, lanes);
    return {
      title: stale('map') ? readTitle(this.#roots.map) : old.title,
      settings: stale('map') ? readSettings(this.#roots.map) : old.settings,
      stages,
      lanes,
      cards: placed.cards,
      unplaced: placed.unplaced,
      metrics: stale('metrics') ? readKeyed(this.#roots.metrics, readMetric) : old.metrics,
      scenarios: stale('scenarios') ? sorted(this.#scenarios) : old.scenarios,
      opportunities: stale('opportunities') ? sorted(this.#opportunities) : old.opportunities,
      ranges: stale('ranges') ? readKeyed(this.#roots.ranges, readRange) : old.ranges,
      experiments: stale('experiments') ? sorted(this.#experiments) : old.experiments,
      fits: stale('fits') ? sorted(this.#fits) : old.fits,
      objects:
        before === null || leavesOut.objects || changes.objects.length > MANY
          ? sorted(this.#objects)
          : replaceRanked(old.objects, changes.objects),
      views: stale('views') ? sorted(this.#views) : old.views
    };
  }
}

/** The record ids (or keys) directly under each root that a transaction changed, however deep the change was. */
function touchedIds(
  transaction: Y.Transaction,
  names: ReadonlyMap<unknown, Root>
): ReadonlyMap<Root, ReadonlySet<string>> {
  const touched = new Map<Root, Set<string>>();
  const touch = (root: Root, id: string): void => {
    const ids = touched.get(root);
    if (ids === undefined) touched.set(root, new Set([id]));
    else ids.add(id);
  };
  for (const [type, keys] of transaction.changed) {
    const root = names.get(type);
    if (root !== undefined) for (const key of keys) if (key !== null) touch(root, key);
    // From a record's inside up to the root that holds the record.
    let item: Y.Item | null = root === undefined ? type._item : null;
    while (item !== null) {
      const parent = item.parent as Y.AbstractType<unknown> | null;
      const above = names.get(parent);
      if (above !== undefined && item.parentSub !== null) touch(above, item.parentSub);
      item = above === undefined ? (parent?._item ?? null) : null;
    }
  }
  return touched;
}

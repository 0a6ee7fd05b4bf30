import RBush from 'rbush';
import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import type { Connector, End, MapObject, Target } from '#lib/journey/objects.ts';
import type { Holder } from './connector.ts';
import type { JourneyLayout } from './layout.ts';
import { FRAME } from './frame.ts';
import {
  freeEnd,
  hitsObject,
  holderOf,
  placeConnector,
  placeObject,
  type PlacedObject,
  type WrapText
} from './placed-object.ts';
import { boardRect, overlaps, type BoardPoint, type BoardRect } from './space.ts';

interface Entry {
  placed: PlacedObject;
  order: number;
  box: BoardRect; // as the tree has it
  ends: readonly [Holder, Holder] | null; // of a connector, what it was routed between
}

class ObjectTree extends RBush<Entry> {
  override toBBox({ box }: Entry) {
    return { minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height };
  }
  override compareMinX(a: Entry, b: Entry) {
    return a.box.x - b.box.x;
  }
  override compareMinY(a: Entry, b: Entry) {
    return a.box.y - b.box.y;
  }
}

/** Cards that are being carried, and how far. */
export interface CarriedCards {
  readonly ids: ReadonlySet<CardId>;
  readonly dx: number;
  readonly dy: number;
}

const NOBODY: CarriedCards = { ids: new Set(), dx: 0, dy: 0 };

/**
 * Where free objects are. Takes each new state of the map and places anew only what is new in it: objects that changed,
 * and connectors whose ends moved. Finds objects by place through an R-tree.
 */
export class ObjectIndex {
  readonly #wrap: WrapText;
  readonly #tree = new ObjectTree();
  readonly #entries = new Map<ObjectId, Entry>();
  #objects: readonly MapObject[] = [];
  #layout: JourneyLayout | null = null;

  constructor(wrap: WrapText) {
    this.#wrap = wrap;
  }

  /** Follows the map. Costs one look at each object when they changed, and at each connector when cards moved. */
  update(objects: readonly MapObject[], layout: JourneyLayout): void {
    if (objects === this.#objects && layout === this.#layout) return;
    const changed = objects !== this.#objects;
    this.#objects = objects;
    this.#layout = layout;
    if (changed) this.#takeObjects(objects);
    for (const entry of this.#entries.values()) this.#route(entry);
  }

  /** Places everything anew: the font has arrived. */
  clear(): void {
    this.#tree.clear();
    this.#entries.clear();
    this.#objects = [];
    this.#layout = null;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: ObjectId): PlacedObject | undefined {
    return this.#entries.get(id)?.placed;
  }

  /** Everything, from back to front. */
  get all(): PlacedObject[] {
    return this.#objects.flatMap(({ id }) => this.#entries.get(id)?.placed ?? []);
  }

  /** What is drawn within `rect`, from back to front. */
  within(rect: BoardRect): PlacedObject[] {
    const { x, y, width, height } = rect;
    return this.#tree
      .search({ minX: x, minY: y, maxX: x + width, maxY: y + height })
      .sort((a, b) => a.order - b.order)
      .map(({ placed }) => placed);
  }

  /** The frontmost object that a press at a point takes; `reach` is in board units. */
  at(point: BoardPoint, reach: number): PlacedObject | null {
    const around = boardRect(point.x - reach, point.y - reach, 2 * reach, 2 * reach);
    return this.within(around).findLast((placed) => hitsObject(placed, point, reach)) ?? null;
  }

  /** Objects whose own box shares an area with `rect`; lines count where they run. */
  touching(rect: BoardRect): PlacedObject[] {
    return this.within(rect).filter(({ rect: box, object }) =>
      object.kind === 'frame' ? holds(rect, box) : overlaps(grow(box), rect)
    );
  }

  /** Objects that lie wholly within a frame's box. */
  inFrame(box: BoardRect): PlacedObject[] {
    return this.within(box).filter(({ rect }) => holds(box, rect));
  }

  /** Connectors that hold on to any of these ids (of objects, cards, stages, or lanes). */
  holdingOn(ids: ReadonlySet<string>): (PlacedObject & { readonly object: Connector })[] {
    return this.all.filter(
      (placed): placed is PlacedObject & { object: Connector } =>
        placed.object.kind === 'connector' &&
        [placed.object.from, placed.object.to].some(({ target }) => target !== null && names(target, ids))
    );
  }

  /**
   * How objects look while `shown` stand for the stored ones and cards are carried: those objects and the connectors
   * that hold on to what moves, from back to front.
   */
  preview(shown: ReadonlyMap<ObjectId, MapObject>, carried: CarriedCards = NOBODY): PlacedObject[] {
    const placed = new Map<ObjectId, PlacedObject>();
    for (const [id, object] of shown)
      if (object.kind !== 'connector') placed.set(id, placeObject(object, this.#wrap));
    const moving = new Set<string>([...shown.keys(), ...carried.ids]);
    const connectors = new Map<ObjectId, Connector>();
    for (const { object } of this.holdingOn(moving)) connectors.set(object.id, object);
    for (const object of shown.values()) if (object.kind === 'connector') connectors.set(object.id, object);
    for (const object of connectors.values()) {
      const [from, to] = [object.from, object.to].map((end) => this.#holder(end, placed, carried));
      if (from !== undefined && to !== undefined)
        placed.set(object.id, placeConnector(object, from, to, this.#wrap));
    }
    const order = (id: ObjectId) => this.#entries.get(id)?.order ?? Infinity;
    return [...placed.values()].sort((a, b) => order(a.object.id) - order(b.object.id) || 0);
  }

  /** The area of what a connector can hold on to; null when it is gone. */
  boxOf(target: Target): BoardRect | null {
    const layout = this.#layout;
    switch (target.on) {
      case 'object':
        return this.#entries.get(target.id)?.placed.rect ?? null;
      case 'card':
        return layout?.cards.get(target.id)?.rect ?? null;
      case 'cell':
        return layout?.cells.get(target.lane, target.stage)?.rect ?? null;
      case 'stage': {
        const column = layout?.columns.find(({ stage }) => stage.id === target.id);
        if (column === undefined || layout === null)
          return layout?.bands.find(({ stage }) => stage.id === target.id)?.rect ?? null;
        return boardRect(column.x, -FRAME.header, column.width, layout.grid.height + FRAME.header);
      }
    }
  }

  #takeObjects(objects: readonly MapObject[]): void {
    const present = new Set<ObjectId>();
    const fresh: Entry[] = [];
    objects.forEach((object, order) => {
      present.add(object.id);
      const known = this.#entries.get(object.id);
      if (known?.placed.object === object) {
        known.order = order;
        return;
      }
      if (known !== undefined) this.#tree.remove(known);
      const placed = placeObject(object, this.#wrap);
      const entry: Entry = { placed, order, box: placed.bounds, ends: null };
      this.#entries.set(object.id, entry);
      fresh.push(entry);
    });
    for (const [id, entry] of this.#entries)
      if (!present.has(id)) {
        this.#tree.remove(entry);
        this.#entries.delete(id);
      }
    if (fresh.length > 8) this.#tree.load(fresh);
    else for (const entry of fresh) this.#tree.insert(entry);
  }

  #route(entry: Entry): void {
    const { object } = entry.placed;
    if (object.kind !== 'connector') return;
    const ends = [this.#holder(object.from), this.#holder(object.to)] as const;
    if (entry.ends !== null && same(entry.ends[0], ends[0]) && same(entry.ends[1], ends[1])) return;
    this.#tree.remove(entry);
    entry.ends = ends;
    entry.placed = placeConnector(object, ends[0], ends[1], this.#wrap);
    entry.box = entry.placed.bounds;
    this.#tree.insert(entry);
  }

  #holder(end: End, shown?: ReadonlyMap<ObjectId, PlacedObject>, carried: CarriedCards = NOBODY): Holder {
    const { target, side } = end;
    if (target === null) return freeEnd(end);
    if (target.on === 'object') {
      const placed = shown?.get(target.id) ?? this.#entries.get(target.id)?.placed;
      // Connectors hold on to things, not to each other: that could go in circles.
      return placed === undefined || placed.object.kind === 'connector'
        ? freeEnd(end)
        : holderOf(placed, side);
    }
    const rect = this.boxOf(target);
    if (rect === null) return freeEnd(end);
    const moves = target.on === 'card' && carried.ids.has(target.id);
    const box = moves ? boardRect(rect.x + carried.dx, rect.y + carried.dy, rect.width, rect.height) : rect;
    return { kind: 'box', rect: box, side };
  }
}

const names = (target: Target, ids: ReadonlySet<string>): boolean =>
  target.on === 'cell' ? ids.has(target.lane) || ids.has(target.stage) : ids.has(target.id);

const holds = (outer: BoardRect, inner: BoardRect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** A level line has no height of its own. */
const grow = (rect: BoardRect): BoardRect =>
  boardRect(rect.x - 0.5, rect.y - 0.5, rect.width + 1, rect.height + 1);

function same(a: Holder, b: Holder): boolean {
  if (a.kind === 'point' || b.kind === 'point')
    return a.kind === 'point' && b.kind === 'point' && a.at.x === b.at.x && a.at.y === b.at.y;
  const [p, q] = [a.rect, b.rect];
  return (
    a.kind === b.kind &&
    a.side === b.side &&
    p.x === q.x &&
    p.y === q.y &&
    p.width === q.width &&
    p.height === q.height
  );
}

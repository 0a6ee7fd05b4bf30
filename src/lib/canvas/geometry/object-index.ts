import RBush, { type BBox } from 'rbush';
import type { ObjectId } from '#lib/journey/ids.ts';
import {
  hasText,
  isBox,
  type Connector,
  type End,
  type FrameObject,
  type MapObject,
  type Target
} from '#lib/journey/objects.ts';
import { byRank } from '#lib/journey/order.ts';
import type { ConnectorPath, Holder } from './connector.ts';
import { HeldBy } from './held-by.ts';
import { byDepth, holderAt, ObjectPreview, type Carriage, type Carried } from './object-preview.ts';
import type { JourneyLayout } from './layout.ts';
import { FRAME } from './frame.ts';
import { changedSpans } from './list-changes.ts';
import {
  hitsObject,
  placeConnector,
  placeObject,
  type PlacedObject,
  type WrapText
} from './placed-object.ts';
import { boardRect, overlaps, type BoardPoint, type BoardRect } from './space.ts';

interface Entry {
  placed: PlacedObject;
  box: BoardRect; // as the tree has it
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

const KEPT = 32; // updates whose changed places are remembered

/**
 * Where free objects are. Takes each new state of the map and places anew only what is new in it: objects that changed,
 * and connectors whose ends moved. Finds objects by place through an R-tree.
 */
export class ObjectIndex {
  readonly #wrap: WrapText;
  readonly #tree = new ObjectTree();
  readonly #entries = new Map<ObjectId, Entry>();
  readonly #held = new HeldBy();
  #objects: readonly MapObject[] = [];
  #layout: JourneyLayout | null = null;
  #version = 0;
  #places: { readonly version: number; readonly rects: BoardRect[] | null }[] = [];
  readonly #preview: ObjectPreview;

  constructor(wrap: WrapText) {
    this.#wrap = wrap;
    this.#preview = new ObjectPreview(this, wrap);
  }

  /** Follows the map. Costs what changed of it, and one comparison for each object and cell. */
  update(objects: readonly MapObject[], layout: JourneyLayout): void {
    if (objects === this.#objects && layout === this.#layout) return;
    const [before, grid] = [this.#objects, this.#layout];
    this.#objects = objects;
    this.#layout = layout;
    const stale = new Set<ObjectId>();
    const rects = objects === before ? [] : this.#take(before, objects, stale);
    if (grid !== layout) this.#follow(grid, layout, stale);
    for (const id of stale) rects?.push(...this.#route(id));
    if (rects?.length === 0) return;
    this.#version += 1;
    this.#places.push({ version: this.#version, rects });
    if (this.#places.length > KEPT) this.#places.shift();
  }

  /** Places everything anew: the font has arrived. */
  clear(): void {
    this.#tree.clear();
    this.#entries.clear();
    this.#held.clear();
    this.#objects = [];
    this.#layout = null;
    this.#version += 1;
    this.#places = [];
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Another number whenever something is placed elsewhere or looks different. */
  get version(): number {
    return this.#version;
  }

  /** Where things look different since a version; null where that is everywhere, or not known any more. */
  changedSince(version: number): readonly BoardRect[] | null {
    if (version === this.#version) return [];
    const [first] = this.#places;
    if (first === undefined || first.version > version + 1) return null;
    const found: BoardRect[] = [];
    for (const place of this.#places) {
      if (place.version <= version) continue;
      if (place.rects === null) return null;
      found.push(...place.rects);
    }
    return found;
  }

  get(id: ObjectId): PlacedObject | undefined {
    return this.#entries.get(id)?.placed;
  }

  /** Everything, by rank. */
  get all(): PlacedObject[] {
    return this.#objects.flatMap(({ id }) => this.#entries.get(id)?.placed ?? []);
  }

  /** Around everything that is drawn; null without any. */
  get bounds(): BoardRect | null {
    if (this.#entries.size === 0) return null;
    const { minX, minY, maxX, maxY } = this.#tree.toJSON() as BBox;
    return boardRect(minX, minY, maxX - minX, maxY - minY);
  }

  /** What is drawn within `rect`, from back to front. */
  within(rect: BoardRect): PlacedObject[] {
    const { x, y, width, height } = rect;
    return this.#tree
      .search({ minX: x, minY: y, maxX: x + width, maxY: y + height })
      .map(({ placed }) => placed)
      .sort((a, b) => byDepth(a.object, b.object));
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

  /** The frontmost frame that wholly holds another object's box; null where none does. */
  frameAround(id: ObjectId, rect: BoardRect): FrameObject | null {
    const frame = this.within(rect).findLast(
      ({ object, rect: box }) => object.kind === 'frame' && object.id !== id && holds(box, rect)
    )?.object;
    return frame?.kind === 'frame' ? frame : null;
  }

  /** Connectors that hold on to any of these ids (of objects, cards, stages, or lanes), from back to front. */
  holdingOn(ids: ReadonlySet<string>): (PlacedObject & { readonly object: Connector })[] {
    const placed = [...this.#held.by(ids)].flatMap((id) => this.get(id) ?? []);
    return placed
      .filter((one): one is PlacedObject & { object: Connector } => one.object.kind === 'connector')
      .sort((a, b) => byRank(a.object, b.object));
  }

  /** See {@link ObjectPreview.carry}. */
  carry(ids: ReadonlySet<string>): Carriage {
    return this.#preview.carry(ids);
  }

  /** See {@link ObjectPreview.of}. */
  preview(shown: ReadonlyMap<ObjectId, MapObject>, carried: Carried | null = null): PlacedObject[] {
    return this.#preview.of(shown, carried);
  }

  /** Connectors, by id, that hold on to any of these ids. */
  heldBy(ids: Iterable<string>): ReadonlySet<ObjectId> {
    return this.#held.by(ids);
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

  /** Takes over a new list. Answers the places that look different, null when that is everywhere. */
  #take(before: readonly MapObject[], after: readonly MapObject[], stale: Set<ObjectId>): BoardRect[] | null {
    const spans = changedSpans(before, after);
    const fresh =
      spans === null
        ? after.filter((object) => this.get(object.id)?.object !== object)
        : spans.flatMap(({ now, nowEnd }) => after.slice(now, nowEnd));
    const present = new Set((spans === null ? after : fresh).map(({ id }) => id));
    const gone = (
      spans === null ? before : spans.flatMap(({ old, oldEnd }) => before.slice(old, oldEnd))
    ).filter(({ id }) => !present.has(id));
    const rects: BoardRect[] = [];
    for (const { id } of gone) {
      rects.push(...this.#remove(id));
      this.#entries.delete(id);
      for (const connector of this.#held.by([id])) stale.add(connector);
    }
    // What connectors hold on to is placed before them.
    for (const part of [fresh.filter(({ kind }) => kind !== 'connector'), fresh.filter(isConnector)]) {
      const entries = part.map((object) => {
        const known = this.get(object.id);
        rects.push(...this.#remove(object.id));
        const placed = this.#placed(object, known);
        const entry: Entry = { placed, box: placed.bounds };
        this.#entries.set(object.id, entry);
        this.#held.add(object);
        rects.push(entry.box);
        return entry;
      });
      if (entries.length > 8) this.#tree.load(entries);
      else for (const entry of entries) this.#tree.insert(entry);
    }
    for (const connector of this.#held.by(present)) stale.add(connector);
    return spans === null ? null : rects;
  }

  /** Takes an object out of the tree. Answers where it was. */
  #remove(id: ObjectId): BoardRect[] {
    const known = this.#entries.get(id);
    if (known === undefined) return [];
    this.#tree.remove(known);
    this.#held.remove(known.placed.object);
    return [known.box];
  }

  #placed(object: MapObject, known: PlacedObject | undefined): PlacedObject {
    if (object.kind === 'connector')
      return placeConnector(object, this.#holder(object.from), this.#holder(object.to), this.#wrap);
    // What was only moved keeps its lines.
    const keeps = known !== undefined && sameWords(known.object, object);
    return placeObject(object, keeps ? () => known.lines : this.#wrap);
  }

  /** Connectors that hold on to what has changed in the grid. */
  #follow(before: JourneyLayout | null, after: JourneyLayout, stale: Set<ObjectId>): void {
    if (!this.#held.some) return;
    if (before === null || before.rows !== after.rows || before.columns !== after.columns) {
      for (const id of this.#held.all()) stale.add(id);
      return;
    }
    const ids = new Set<string>();
    for (const { mine, theirs } of after.cells.differing(before.cells))
      for (const cell of [mine, theirs]) for (const { id } of cell?.content.stack.cards ?? []) ids.add(id);
    for (const id of this.#held.by(ids)) stale.add(id);
  }

  /** Places a connector anew when its ends are elsewhere. Answers where it was and is. */
  #route(id: ObjectId): BoardRect[] {
    const entry = this.#entries.get(id);
    if (entry === undefined) return [];
    const { object, path } = entry.placed;
    if (object.kind !== 'connector') return [];
    const placed = placeConnector(object, this.#holder(object.from), this.#holder(object.to), this.#wrap);
    if (samePath(placed.path, path)) return [];
    const before = entry.box;
    this.#tree.remove(entry);
    entry.placed = placed;
    entry.box = placed.bounds;
    this.#tree.insert(entry);
    return [before, entry.box];
  }

  #holder(end: End): Holder {
    return holderAt(end, this);
  }
}

const isConnector = ({ kind }: MapObject): boolean => kind === 'connector';

/** True when two states of an object have the same words in the same width. */
const sameWords = (a: MapObject, b: MapObject): boolean =>
  a.kind === b.kind &&
  isBox(a) &&
  isBox(b) &&
  a.width === b.width &&
  (hasText(a) ? a.text : '') === (hasText(b) ? b.text : '') &&
  (a.kind !== 'text' || (b.kind === 'text' && a.size === b.size));

const samePath = (a: ConnectorPath | null, b: ConnectorPath | null): boolean =>
  a !== null &&
  b !== null &&
  a.points.length === b.points.length &&
  a.points.every(({ x, y }, index) => b.points[index]?.x === x && b.points[index]?.y === y);

const holds = (outer: BoardRect, inner: BoardRect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** A level line has no height of its own. */
const grow = (rect: BoardRect): BoardRect =>
  boardRect(rect.x - 0.5, rect.y - 0.5, rect.width + 1, rect.height + 1);

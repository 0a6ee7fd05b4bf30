import type { ObjectId } from '#lib/journey/ids.ts';
import type { Connector, End, MapObject, Target } from '#lib/journey/objects.ts';
import { byRank } from '#lib/journey/order.ts';
import type { Holder } from './connector.ts';
import {
  freeEnd,
  holderOf,
  placeConnector,
  placeObject,
  type PlacedObject,
  type WrapText
} from './placed-object.ts';
import { boardPoint, boardRect, type BoardRect } from './space.ts';

/** What is carried: how far, and what of the map that moves as it is or is drawn anew. */
export interface Carried {
  /** Ids of objects and cards. */
  readonly ids: ReadonlySet<string>;
  readonly dx: number;
  readonly dy: number;
}

/** What a carried selection does to the objects: some move as they are, some connectors only with one end. */
export interface Carriage {
  readonly rigid: ReadonlySet<ObjectId>;
  readonly bent: readonly Connector[];
}

/** Where things are; the index of objects tells it. */
interface Places {
  get(id: ObjectId): PlacedObject | undefined;
  boxOf(target: Target): BoardRect | null;
}

/** What a preview asks the index of objects. */
interface Index extends Places {
  readonly size: number;
  readonly version: number;
  heldBy(ids: Iterable<string>): ReadonlySet<ObjectId>;
  holdingOn(ids: ReadonlySet<string>): readonly { readonly object: Connector }[];
}

/** From back to front: frames beneath all that may lie in them, whichever came first. */
export const byDepth = (a: MapObject, b: MapObject): number =>
  Number(b.kind === 'frame') - Number(a.kind === 'frame') || byRank(a, b);

const EMPTY: Carriage = { rigid: new Set(), bent: [] };

/** How objects and connectors look while a gesture moves some of them. */
export class ObjectPreview {
  readonly #index: Index;
  readonly #wrap: WrapText;
  #carriage: { of: ReadonlySet<string>; version: number; carriage: Carriage } | null = null;

  constructor(index: Index, wrap: WrapText) {
    this.#index = index;
    this.#wrap = wrap;
  }

  /** What moves as it is with these objects and cards, and which connectors have to be drawn anew meanwhile. */
  carry(ids: ReadonlySet<string>): Carriage {
    if (this.#index.size === 0) return EMPTY;
    const known = this.#carriage;
    if (known?.of === ids && known.version === this.#index.version) return known.carriage;
    const rigid = new Set<ObjectId>();
    const bent: Connector[] = [];
    const comes = (object: Connector, { target }: End): boolean =>
      target === null ? ids.has(object.id) : target.on !== 'cell' && ids.has(target.id);
    const sort = (object: MapObject): void => {
      if (object.kind !== 'connector' || (comes(object, object.from) && comes(object, object.to)))
        rigid.add(object.id);
      else bent.push(object);
    };
    const connectors = this.#index.heldBy(ids);
    for (const id of new Set([...(ids as ReadonlySet<ObjectId>), ...connectors])) {
      const placed = this.#index.get(id);
      if (placed !== undefined) sort(placed.object);
    }
    const carriage = { rigid, bent };
    this.#carriage = { of: ids, version: this.#index.version, carriage };
    return carriage;
  }

  /**
   * How objects look while `shown` stand for the stored ones and others are carried: those objects and the connectors
   * that hold on to what moves, from back to front. What moves as it is is not among them.
   */
  of(shown: ReadonlyMap<ObjectId, MapObject>, carried: Carried | null): PlacedObject[] {
    const placed = new Map<ObjectId, PlacedObject>();
    for (const [id, object] of shown)
      if (object.kind !== 'connector') placed.set(id, placeObject(object, this.#wrap));
    const connectors = new Map<ObjectId, Connector>();
    for (const { object } of this.#index.holdingOn(new Set<string>(shown.keys())))
      connectors.set(object.id, object);
    for (const object of carried === null ? [] : this.carry(carried.ids).bent)
      connectors.set(object.id, object);
    for (const object of shown.values()) if (object.kind === 'connector') connectors.set(object.id, object);
    for (const object of connectors.values()) {
      const [from, to] = [object.from, object.to].map((end) =>
        holderAt(end, this.#index, { placed, carried, of: object })
      );
      if (from !== undefined && to !== undefined)
        placed.set(object.id, placeConnector(object, from, to, this.#wrap));
    }
    return [...placed.values()].sort(
      (a, b) => this.#order(a.object) - this.#order(b.object) || byDepth(a.object, b.object)
    );
  }

  /** What is not on the map yet lies in front. */
  #order({ id }: MapObject): number {
    return this.#index.get(id) === undefined ? 1 : 0;
  }
}

/** What an end of a connector holds on to, where a preview may show it elsewhere. */
export function holderAt(
  end: End,
  index: Places,
  preview?: { placed: ReadonlyMap<ObjectId, PlacedObject>; carried: Carried | null; of: Connector }
): Holder {
  const { target, side } = end;
  const { carried = null, placed: shown, of } = preview ?? {};
  const shifted = (id: string, rect: BoardRect): BoardRect =>
    carried?.ids.has(id) === true
      ? boardRect(rect.x + carried.dx, rect.y + carried.dy, rect.width, rect.height)
      : rect;
  if (target === null) {
    const { x, y } = shifted(of?.id ?? '', boardRect(end.x, end.y, 0, 0));
    return { kind: 'point', at: boardPoint(x, y) };
  }
  if (target.on === 'object') {
    const placed = shown?.get(target.id) ?? index.get(target.id);
    // Connectors hold on to things, not to each other: that could go in circles.
    if (placed === undefined || placed.object.kind === 'connector') return freeEnd(end);
    const holder = holderOf(placed, side);
    return holder.kind === 'point' ? holder : { ...holder, rect: shifted(target.id, holder.rect) };
  }
  const rect = index.boxOf(target);
  if (rect === null) return freeEnd(end);
  return { kind: 'box', rect: target.on === 'card' ? shifted(target.id, rect) : rect, side };
}

import type { ObjectId } from '#lib/journey/ids.ts';
import type { MapObject } from '#lib/journey/objects.ts';

/** Which connectors hold on to what: by the ids of objects, cards, stages, and of a cell's lane and stage. */
export class HeldBy {
  readonly #connectors = new Map<string, Set<ObjectId>>();

  add(object: MapObject): void {
    for (const id of targetsOf(object)) {
      const known = this.#connectors.get(id);
      if (known === undefined) this.#connectors.set(id, new Set([object.id]));
      else known.add(object.id);
    }
  }

  remove(object: MapObject): void {
    for (const id of targetsOf(object)) {
      const known = this.#connectors.get(id);
      known?.delete(object.id);
      if (known?.size === 0) this.#connectors.delete(id);
    }
  }

  clear(): void {
    this.#connectors.clear();
  }

  /** True when any connector holds on to anything. */
  get some(): boolean {
    return this.#connectors.size > 0;
  }

  /** The connectors that hold on to any of these. */
  by(ids: Iterable<string>): Set<ObjectId> {
    const found = new Set<ObjectId>();
    if (this.#connectors.size > 0)
      for (const id of ids) for (const connector of this.#connectors.get(id) ?? []) found.add(connector);
    return found;
  }

  all(): Set<ObjectId> {
    return this.by(this.#connectors.keys());
  }
}

function* targetsOf(object: MapObject): Generator<string> {
  if (object.kind !== 'connector') return;
  for (const { target } of [object.from, object.to]) {
    if (target === null) continue;
    if (target.on !== 'cell') yield target.id;
    else {
      yield target.lane;
      yield target.stage;
    }
  }
}

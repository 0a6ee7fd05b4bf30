import * as Y from 'yjs';
import type { ObjectId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { hasText, type End, type MapObject } from '#lib/journey/objects.ts';
import { rankAt } from '#lib/journey/order.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Roots } from './layout.ts';
import { newId } from './new-id.ts';
import { diffText } from './text-binding.ts';
import { objectRecord, writeObjectChange } from './write-object.ts';

interface Steps {
  readonly step: <T>(edit: () => T) => T;
  readonly journey: () => Journey;
}

type WithoutOrder<T> = T extends MapObject ? Omit<T, 'id' | 'rank'> : never;
/** An object before it has an id and a place in the order. */
export type NewObject = WithoutOrder<MapObject>;

/** What an object was when an edit began, and what it shall be. Only what differs between the two is written. */
export interface ObjectChange {
  readonly before: MapObject;
  readonly after: MapObject;
}

/** Commands on free objects. Each is one undoable step; on objects that somebody else has removed they do nothing. */
export class ObjectCommands {
  readonly #roots: Roots;
  readonly #run: Steps;

  constructor(roots: Roots, run: Steps) {
    this.#roots = roots;
    this.#run = run;
  }

  /** How many more fit on the map. */
  get room(): number {
    return Math.max(0, LIMITS.objects - this.#roots.objects.size);
  }

  /** Adds objects in front of all others, in the order given; those that no longer fit on the map are left out. */
  add(objects: readonly NewObject[]): ObjectId[] {
    return this.#insert(objects.map((object) => ({ ...object, id: newId<ObjectId>(), rank: '' })));
  }

  #insert(objects: readonly MapObject[]): ObjectId[] {
    const order: { id: string; rank: string }[] = [...this.#run.journey().objects];
    return this.#run.step(() =>
      objects.slice(0, this.room).map((object) => {
        const rank = rankAt(order, order.length);
        order.push({ id: object.id, rank });
        this.#roots.objects.set(object.id, objectRecord({ ...object, rank }));
        return object.id;
      })
    );
  }

  /** Adds copies in front of all others: their groups are new ones, and connectors among them hold on to the copies. */
  addCopies(originals: readonly MapObject[]): ObjectId[] {
    const ids = new Map(originals.map(({ id }) => [id, newId<ObjectId>()]));
    const groups = new Map<string, string>();
    const groupOf = (group: string | null): string | null => {
      if (group === null) return null;
      const fresh = groups.get(group) ?? newId<string>();
      groups.set(group, fresh);
      return fresh;
    };
    const endOf = (end: End): End => {
      const id = end.target?.on === 'object' ? ids.get(end.target.id) : undefined;
      return id === undefined ? end : { ...end, target: { on: 'object', id } };
    };
    return this.#insert(
      originals.map((original) => {
        const copy = { ...original, id: ids.get(original.id) ?? original.id, group: groupOf(original.group) };
        return copy.kind === 'connector' ? { ...copy, from: endOf(copy.from), to: endOf(copy.to) } : copy;
      })
    );
  }

  change(changes: readonly ObjectChange[]): void {
    this.#run.step(() => {
      for (const { before, after } of changes) {
        const record = this.#roots.objects.get(before.id);
        if (record !== undefined) writeObjectChange(record, before, after);
      }
    });
  }

  /** Puts objects at `index` of the others' order, keeping theirs among themselves. */
  reorder(ids: ReadonlySet<ObjectId>, index: number): void {
    const { objects } = this.#run.journey();
    const others: { id: string; rank: string }[] = objects.filter(({ id }) => !ids.has(id));
    let place = index;
    this.#run.step(() => {
      for (const { id } of objects.filter((object) => ids.has(object.id))) {
        const rank = rankAt(others, place);
        others.splice(place, 0, { id, rank });
        place += 1;
        this.#roots.objects.get(id)?.set('rank', rank);
      }
    });
  }

  /** Removes objects; `settled` are the connectors that held on to them, with their ends where they were last. */
  remove(ids: readonly ObjectId[], settled: readonly ObjectChange[] = []): void {
    this.#run.step(() => {
      for (const { before, after } of settled) {
        const record = this.#roots.objects.get(before.id);
        if (record !== undefined) writeObjectChange(record, before, after);
      }
      for (const id of ids) this.#roots.objects.delete(id);
    });
  }

  /** The shared text of an object; null when it is gone or has none. */
  text(id: ObjectId): Y.Text | null {
    const text = this.#roots.objects.get(id)?.get('text');
    return text instanceof Y.Text ? text : null;
  }

  /** Writes an object's text as a whole; what stays the same at its ends is not touched. */
  setText(id: ObjectId, words: string): void {
    const text = this.openText(id);
    const edit = text === null ? null : diffText(text.toJSON(), words.slice(0, LIMITS.objectText));
    if (text === null || edit === null) return;
    this.#run.step(() => {
      text.delete(edit.index, edit.remove);
      text.insert(edit.index, edit.insert);
    });
  }

  /** Opens the shared text of an object that a foreign client wrote without one. */
  openText(id: ObjectId): Y.Text | null {
    const object = this.#run.journey().objects.find((one) => one.id === id);
    if (object === undefined || !hasText(object)) return null;
    const known = this.text(id);
    if (known !== null) return known;
    this.#run.step(() => this.#roots.objects.get(id)?.set('text', new Y.Text(object.text)));
    return this.text(id);
  }
}

import * as Y from 'yjs';
import { rootsOf, type Root } from './layout.ts';

/** A place in a Yjs client's own history: what that client wrote `clock`th. */
export interface Mark {
  readonly client: number;
  readonly clock: number;
}

/** Under which client ids something on the map was written. What was deleted leaves no trace. */
export interface Traces {
  /** The record itself, or the number as it stands. */
  readonly made: Mark;
  /** The newest of each client that is in it now, itself included. */
  readonly newest: readonly Mark[];
}

/** The traces of a record, or of a number under its key; null when it is not there. */
export function tracesOf(doc: Y.Doc, root: Root, key: string): Traces | null {
  const item = itemAt(rootsOf(doc)[root], key);
  if (item === null) return null;
  const newest = new Map<number, number>();
  const walk = (part: Y.Item): void => {
    const { client, clock } = part.id;
    newest.set(client, Math.max(newest.get(client) ?? 0, clock + part.length - 1));
    if (!(part.content instanceof Y.ContentType)) return;
    const { _map, _start } = part.content.type as Y.AbstractType<unknown>;
    for (const child of _map.values()) if (!child.deleted) walk(child);
    for (let child = _start; child !== null; child = child.right) if (!child.deleted) walk(child);
  };
  walk(item);
  const { client, clock } = item.id;
  return { made: { client, clock }, newest: [...newest].map(([of, last]) => ({ client: of, clock: last })) };
}

/** Where each card of the map came from, by its id. */
export function cardMarks(doc: Y.Doc): ReadonlyMap<string, Mark> {
  const { cards } = rootsOf(doc);
  const marks = new Map<string, Mark>();
  for (const id of cards.keys()) {
    const item = itemAt(cards, id);
    if (item !== null) marks.set(id, { client: item.id.client, clock: item.id.clock });
  }
  return marks;
}

const itemAt = (root: { readonly _map: ReadonlyMap<string, Y.Item> }, key: string): Y.Item | null => {
  const item = root._map.get(key);
  return item === undefined || item.deleted ? null : item;
};

import * as Y from 'yjs';
import { LIMITS } from '#lib/protocol/limits.ts';
import { BadUpdate, walkUpdate, type StructId, type WalkedItem } from './walk.ts';

export interface GuardRules {
  readonly roots: ReadonlySet<string>;
  readonly maxStructs: number;
  /** False when new structs under this Yjs client id belong to somebody else. */
  mayWriteAs(clientId: number): boolean;
}

/**
 * `gap`: the update builds on something that the document does not have. `fine` may be applied; `writers` are the
 * client ids that add structs, `clientId` the first one the update speaks of.
 */
export type Verdict =
  | { readonly kind: 'gap' }
  | { readonly kind: 'fine'; readonly clientId: number; readonly writers: readonly number[] };

/** Bounds the work on structs that refer to each other crosswise. */
const SPARE_STEPS = 1_000_000;

interface Placed {
  readonly clock: number;
  readonly end: number;
  readonly item: WalkedItem;
  depth: number;
}

/**
 * Decides about an update before Yjs sees it (PROTOCOL.md P30 to P37). Throws {@link BadUpdate} for what no honest
 * client sends. After a `fine` verdict, applying leaves nothing pending.
 */
export const guardUpdate = (doc: Y.Doc, bytes: Uint8Array, rules: GuardRules): Verdict => {
  const blocks = new Map<number, { start: number; end: number; items: Placed[] }>();
  const deletions = new Map<number, number>();
  const have = (client: number) => Y.getState(doc.store, client);
  let current: Placed[] = [];
  let clientId = -1;
  let start = 0;
  let gap = false;
  let types = false;

  walkUpdate(bytes, rules.maxStructs, {
    block(client, clock) {
      if (clientId < 0) clientId = client;
      current = [];
      start = clock;
    },
    blockEnd(client, end) {
      blocks.set(client, { start, end, items: current });
    },
    skip(client, clock, length) {
      if (clock + length > have(client)) gap = true;
    },
    root(name) {
      if (!rules.roots.has(name)) throw new BadUpdate('unknown root');
    },
    item(client, clock, length, item) {
      for (const needed of [item.anchor, item.rightOrigin])
        if (needed?.client === client && needed.clock >= clock) throw new BadUpdate('struct before its time');
      types ||= item.isType;
      current.push({ clock, end: clock + length, item, depth: 0 });
    },
    deletes(client, clock, length) {
      if (clientId < 0) clientId = client;
      deletions.set(client, Math.max(deletions.get(client) ?? 0, clock + length));
    }
  });

  const writers: number[] = [];
  for (const [client, block] of blocks) {
    const known = have(client);
    if (block.start > known) gap = true;
    if (block.end <= known) continue; // a repetition; whose it is was decided when it came first
    if (!rules.mayWriteAs(client)) throw new BadUpdate('foreign client id');
    writers.push(client);
  }

  const available = (client: number) => Math.max(have(client), blocks.get(client)?.end ?? 0);
  for (const { items } of blocks.values())
    for (const { item } of items)
      for (const needed of [item.anchor, item.rightOrigin])
        if (needed && needed.clock >= available(needed.client)) gap = true;
  for (const [client, end] of deletions) if (end > available(client)) gap = true;
  if (gap) return { kind: 'gap' };

  if (types) checkDepth(doc, blocks);
  return { kind: 'fine', clientId: Math.max(clientId, 0), writers };
};

/** Deeply nested types overflow the stack of everybody who reads or deletes them. */
function checkDepth(doc: Y.Doc, blocks: ReadonlyMap<number, { readonly items: Placed[] }>): void {
  const depthOf = (id: StructId): number => {
    if (id.clock < Y.getState(doc.store, id.client)) return storedDepth(doc, id);
    const items = blocks.get(id.client)?.items ?? [];
    return items[findStruct(items, id.clock)]?.depth ?? 1;
  };
  let waiting = [...blocks.values()].flatMap(({ items }) => items);
  // Structs of several clients may refer to each other back and forth: a pass settles at least one of them.
  for (let steps = waiting.length * 4 + SPARE_STEPS; waiting.length > 0; steps -= waiting.length) {
    if (steps < 0) throw new BadUpdate('tangled structs');
    waiting = waiting.filter((placed) => {
      const { place, anchor, isType } = placed.item;
      const above = anchor ? depthOf(anchor) : 0;
      if (anchor && above === 0) return true;
      placed.depth = place === 'beside' ? above : above + 1;
      if (isType && placed.depth > LIMITS.typeDepth) throw new BadUpdate('types nested too deep');
      return false;
    });
  }
}

/** How many shared types are above a struct of the document, its root included. */
function storedDepth(doc: Y.Doc, id: StructId): number {
  const struct: Y.GC | Y.Item = Y.getItem(doc.store, Y.createID(id.client, id.clock));
  if (!(struct instanceof Y.Item)) return 1;
  let depth = 1;
  let parent = struct.parent;
  while (parent instanceof Y.AbstractType && parent._item) {
    depth++;
    parent = parent._item.parent;
  }
  return depth;
}

/** The index of the struct that covers `clock`; -1 when none does (a deleted one). */
function findStruct(items: readonly Placed[], clock: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const placed = items[middle];
    if (!placed) return -1;
    if (clock < placed.clock) high = middle - 1;
    else if (clock >= placed.end) low = middle + 1;
    else return middle;
  }
  return -1;
}

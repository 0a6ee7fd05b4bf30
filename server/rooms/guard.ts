import * as Y from 'yjs';
import { Deletions } from './deletions.ts';
import type { Placed, PlacedBlock, Places } from './places.ts';
import { BadUpdate, walkUpdate } from './walk.ts';

export interface GuardRules {
  readonly places: Places;
  readonly maxStructs: number;
  /** False when new structs under this Yjs client id belong to somebody else. */
  mayWriteAs(clientId: number): boolean;
}

/**
 * `gap`: the update builds on something that the document does not have. `fine` may be applied; `writers` are the
 * client ids that add structs, `clientId` the first one the update speaks of; `repeats` when it also holds structs that
 * are in the document already.
 */
export type Verdict =
  | { readonly kind: 'gap' }
  | {
      readonly kind: 'fine';
      readonly clientId: number;
      readonly writers: readonly number[];
      readonly repeats: boolean;
    };

interface Walked {
  readonly blocks: ReadonlyMap<number, PlacedBlock>;
  readonly deletions: Deletions;
  /** The first client id that it speaks of; 0 when it says nothing. */
  readonly clientId: number;
  /** It says itself that something is missing. */
  readonly gap: boolean;
}

/**
 * Decides about an update before Yjs sees it (PROTOCOL.md P30 to P38). Throws {@link BadUpdate} for what no honest
 * client sends, and `TooMuch` for what would make the map larger than a map may be. After a `fine` verdict, applying
 * leaves nothing pending.
 */
export const guardUpdate = (doc: Y.Doc, bytes: Uint8Array, rules: GuardRules): Verdict => {
  const have = (client: number) => Y.getState(doc.store, client);
  const { blocks, deletions, clientId, gap } = walk(bytes, rules.maxStructs, have);

  const writers: number[] = [];
  let early = gap;
  let repeats = false;
  for (const [client, { start, end }] of blocks) {
    const known = have(client);
    if (start > known) early = true;
    if (start < known) repeats = true;
    if (end <= known) continue; // a repetition; whose it is was decided when it came first
    if (!rules.mayWriteAs(client)) throw new BadUpdate('foreign client id');
    writers.push(client);
  }
  if (early || !isComplete(blocks, deletions, have)) return { kind: 'gap' };
  if (writers.length > 0) rules.places.check(doc, blocks, deletions);
  return { kind: 'fine', clientId, writers, repeats };
};

function walk(bytes: Uint8Array, maxStructs: number, have: (client: number) => number): Walked {
  const blocks = new Map<number, PlacedBlock>();
  const deletions = new Deletions();
  let current: Placed[] = [];
  let clientId = -1;
  let start = 0;
  let known = 0;
  let gap = false;
  walkUpdate(bytes, maxStructs, {
    block(client, clock) {
      if (clientId < 0) clientId = client;
      current = [];
      start = clock;
      known = have(client);
    },
    blockEnd(client, end) {
      blocks.set(client, { start, end, items: current });
    },
    skip(client, clock, length) {
      if (clock + length > have(client)) gap = true;
    },
    item(client, clock, length, item) {
      for (const needed of [item.anchor, item.rightOrigin])
        if (needed?.client === client && needed.clock >= clock) throw new BadUpdate('struct before its time');
      const end = clock + length;
      // What is there already was judged when it came.
      if (end > known) current.push({ client, clock, end, item, spot: null, asked: false });
    },
    deletes(client, clock, length) {
      if (clientId < 0) clientId = client;
      deletions.add(client, clock, clock + length);
    }
  });
  return { blocks, deletions, clientId: Math.max(clientId, 0), gap };
}

/** True when everything that the update builds on or deletes is in the document or in the update. */
function isComplete(
  blocks: ReadonlyMap<number, PlacedBlock>,
  deletions: Deletions,
  have: (client: number) => number
): boolean {
  const available = (client: number) => Math.max(have(client), blocks.get(client)?.end ?? 0);
  for (const { items } of blocks.values())
    for (const { item } of items) {
      const { anchor, rightOrigin } = item;
      if (anchor && anchor.clock >= available(anchor.client)) return false;
      if (rightOrigin && rightOrigin.clock >= available(rightOrigin.client)) return false;
    }
  for (const [client, end] of deletions.ends()) if (end > available(client)) return false;
  return true;
}

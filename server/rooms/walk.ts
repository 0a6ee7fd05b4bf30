import * as decoding from 'lib0/decoding';
import { LIMITS } from '#lib/protocol/limits.ts';

/**
 * Reads a Yjs update (v1) without building anything. Yjs' own decoder trusts what the bytes declare: seven of them
 * make it allocate 270 MB. Here every number is checked against the bytes that are there before it is believed, and
 * the caller hears about each struct as it goes by. The layout is that of yjs 13.6 `readClientsStructRefs`; a test
 * compares the two on random documents.
 */
export interface UpdateVisitor {
  /** A run of structs of one client starts at `clock`. */
  block(client: number, clock: number): void;
  /** The run has ended; `end` is the clock after its last struct. */
  blockEnd(client: number, end: number): void;
  /** The update knows that something is missing here. */
  skip(client: number, clock: number, length: number): void;
  /** An item: where it goes, and which other struct has to be there besides. */
  item(client: number, clock: number, length: number, item: WalkedItem): void;
  deletes(client: number, clock: number, length: number): void;
}

export interface StructId {
  readonly client: number;
  readonly clock: number;
}

export interface WalkedItem {
  /** Below a root, below the shared type that a struct holds, or beside a struct whose parent it shares. */
  readonly place: 'root' | 'inside' | 'beside';
  /** The name of the root of `place`, else ''. */
  readonly root: string;
  /** The key under which it stands; null in a text, and beside another struct, whose key it shares. */
  readonly key: string | null;
  /** The struct of `place`; null for a root. */
  readonly anchor: StructId | null;
  readonly rightOrigin: StructId | null;
  readonly content: Content;
  /** The encoded size of what it holds. */
  readonly bytes: number;
  /** Plain values as they are encoded, already walked; null for other content. */
  readonly values: Uint8Array | null;
}

/** What an item holds: letters or marks of a text, plain values, a new shared type, or what was deleted. */
export type Content = 'deleted' | 'letters' | 'mark' | 'values' | 'map' | 'text';

/** The update breaks a rule of the guard or of the encoding. */
export class BadUpdate extends Error {
  override readonly name = 'BadUpdate';
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const KIND = 0b11111;
const HAS_ORIGIN = 0b1000_0000;
const HAS_RIGHT_ORIGIN = 0b100_0000;
const HAS_KEY = 0b10_0000;
const SHARED_TYPE = 7;
/** The shared types a map is made of, by Yjs' numbers; Y.Array (0) is none of them. */
const SHARED_TYPES: ReadonlyMap<number, Content> = new Map([
  [1, 'map'],
  [2, 'text']
]);

/** Walks the whole update. Throws {@link BadUpdate}, also when bytes are missing or left over. */
export const walkUpdate = (bytes: Uint8Array, maxStructs: number, visitor: UpdateVisitor): void => {
  const decoder = decoding.createDecoder(bytes);
  try {
    readBlocks(decoder, maxStructs, visitor);
    readDeletes(decoder, visitor);
  } catch (error) {
    if (error instanceof BadUpdate) throw error;
    throw new BadUpdate(error instanceof Error ? error.message : 'unreadable');
  }
  if (decoding.hasContent(decoder)) throw new BadUpdate('bytes after the update');
};

function readBlocks(decoder: decoding.Decoder, maxStructs: number, visitor: UpdateVisitor): void {
  const blocks = countOf(decoder);
  const seen = new Set<number>();
  let structs = 0;
  for (let block = 0; block < blocks; block++) {
    const count = countOf(decoder);
    structs += count;
    if (structs > maxStructs) throw new BadUpdate('too many structs');
    const client = clientOf(decoder);
    // Yjs keeps only the last block of a client; two of them would hide the first from us or from it.
    if (seen.has(client)) throw new BadUpdate('two blocks of one client');
    seen.add(client);
    let clock = clockOf(decoder);
    visitor.block(client, clock);
    for (let index = 0; index < count; index++) {
      clock += readStruct(decoder, client, clock, visitor);
      if (clock > LIMITS.clock) throw new BadUpdate('clock too high');
    }
    visitor.blockEnd(client, clock);
  }
}

/** Answers the struct's length. */
function readStruct(
  decoder: decoding.Decoder,
  client: number,
  clock: number,
  visitor: UpdateVisitor
): number {
  const info = decoding.readUint8(decoder);
  const kind = info & KIND;
  if (kind === 0 || kind === 10) {
    // Yjs has two readers that disagree about these two kinds when other bits are set.
    if (info !== kind) throw new BadUpdate('flags on a gap');
    const length = lengthOf(decoder);
    if (kind === 10) visitor.skip(client, clock, length);
    return length;
  }
  const origin = info & HAS_ORIGIN ? structId(decoder) : null;
  const rightOrigin = info & HAS_RIGHT_ORIGIN ? structId(decoder) : null;
  let place: WalkedItem['place'] = 'beside';
  let anchor = origin ?? rightOrigin;
  let root = '';
  let under: string | null = null;
  if (!anchor) {
    const parent = decoding.readVarUint(decoder);
    if (parent > 1) throw new BadUpdate('parent flag');
    place = parent === 1 ? 'root' : 'inside';
    if (parent === 1) root = text(decoder, LIMITS.keyBytes);
    else anchor = structId(decoder);
    if (info & HAS_KEY) under = key(decoder);
  }
  const start = decoder.pos;
  const { content, length } = readContent(decoder, kind);
  const bytes = decoder.pos - start;
  const values = content === 'values' ? decoder.arr.subarray(start, decoder.pos) : null;
  visitor.item(client, clock, length, {
    place,
    root,
    key: under,
    anchor,
    rightOrigin,
    content,
    bytes,
    values
  });
  return length;
}

const structId = (decoder: decoding.Decoder): StructId => ({
  client: clientOf(decoder),
  clock: clockOf(decoder)
});

function readContent(
  decoder: decoding.Decoder,
  kind: number
): { readonly content: Content; readonly length: number } {
  switch (kind) {
    case 1:
      return { content: 'deleted', length: lengthOf(decoder) };
    case 4: {
      const { length } = text(decoder, LIMITS.stringBytes);
      if (length === 0) throw new BadUpdate('empty string');
      return { content: 'letters', length };
    }
    case 6:
      key(decoder);
      plainJson(decoder);
      return { content: 'mark', length: 1 };
    case SHARED_TYPE: {
      const content = SHARED_TYPES.get(decoding.readVarUint(decoder));
      if (content === undefined) throw new BadUpdate('kind of shared type');
      return { content, length: 1 };
    }
    case 8: {
      const length = lengthOf(decoder);
      if (length > remaining(decoder)) throw new BadUpdate('more values than bytes');
      for (let index = 0; index < length; index++) any(decoder, 0);
      return { content: 'values', length };
    }
    default: // old JSON, binary, embeds, subdocuments, what Yjs does not know
      throw new BadUpdate(`content kind ${kind}`);
  }
}

/** A lib0 "any" value. Reading it with lib0 would already set prototypes and overflow the stack. */
function any(decoder: decoding.Decoder, depth: number): void {
  if (depth > LIMITS.jsonDepth) throw new BadUpdate('value too deep');
  const type = decoding.readUint8(decoder);
  switch (type) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return;
    case 125:
      decoding.readVarInt(decoder);
      return;
    case 124:
      skip(decoder, 4);
      return;
    case 123:
      skip(decoder, 8);
      return;
    case 119:
      text(decoder, LIMITS.stringBytes);
      return;
    case 118: {
      const count = countOf(decoder);
      for (let index = 0; index < count; index++) {
        key(decoder);
        any(decoder, depth + 1);
      }
      return;
    }
    case 117: {
      const count = countOf(decoder);
      for (let index = 0; index < count; index++) any(decoder, depth + 1);
      return;
    }
    default: // 122 bigint and 116 binary do not survive JSON
      throw new BadUpdate(`value type ${type}`);
  }
}

/** The value of a formatting mark: JSON text of a word or a number, nothing nested. */
function plainJson(decoder: decoding.Decoder): void {
  const value: unknown = JSON.parse(text(decoder, LIMITS.keyBytes));
  if (typeof value === 'object' && value !== null) throw new BadUpdate('nested formatting');
}

function readDeletes(decoder: decoding.Decoder, visitor: UpdateVisitor): void {
  const clients = countOf(decoder);
  let ranges = 0;
  for (let index = 0; index < clients; index++) {
    const client = clientOf(decoder);
    const count = countOf(decoder);
    ranges += count;
    if (ranges > LIMITS.deleteRanges) throw new BadUpdate('too many deletions');
    for (let range = 0; range < count; range++) visitor.deletes(client, clockOf(decoder), lengthOf(decoder));
  }
}

/** What is in the `values` of an item. */
export function* valuesIn(encoded: Uint8Array): Generator<unknown> {
  const decoder = decoding.createDecoder(encoded);
  const length = decoding.readVarUint(decoder);
  for (let index = 0; index < length; index++) yield decoding.readAny(decoder);
}

const remaining = (decoder: decoding.Decoder): number => decoder.arr.length - decoder.pos;

/** Counts things of at least one byte each. */
function countOf(decoder: decoding.Decoder): number {
  const count = decoding.readVarUint(decoder);
  if (count > remaining(decoder)) throw new BadUpdate('more declared than sent');
  return count;
}

function clientOf(decoder: decoding.Decoder): number {
  const client = decoding.readVarUint(decoder);
  if (client >= 2 ** 32) throw new BadUpdate('client id');
  return client;
}

function clockOf(decoder: decoding.Decoder): number {
  const clock = decoding.readVarUint(decoder);
  if (clock > LIMITS.clock) throw new BadUpdate('clock too high');
  return clock;
}

function lengthOf(decoder: decoding.Decoder): number {
  const length = decoding.readVarUint(decoder);
  if (length === 0 || length > LIMITS.clock) throw new BadUpdate('length');
  return length;
}

function text(decoder: decoding.Decoder, maxBytes: number): string {
  const start = decoder.pos;
  const length = decoding.readVarUint(decoder);
  if (length > maxBytes) throw new BadUpdate('text too long');
  if (length > remaining(decoder)) throw new BadUpdate('text cut off');
  decoder.pos = start;
  return decoding.readVarString(decoder);
}

function key(decoder: decoding.Decoder): string {
  const name = text(decoder, LIMITS.keyBytes);
  if (FORBIDDEN_KEYS.has(name)) throw new BadUpdate('forbidden key');
  return name;
}

function skip(decoder: decoding.Decoder, bytes: number): void {
  if (bytes > remaining(decoder)) throw new BadUpdate('value cut off');
  decoder.pos += bytes;
}

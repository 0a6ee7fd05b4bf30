import * as encoding from 'lib0/encoding';

/** A piece of hand-written bytes. */
export type Part = number | string | Uint8Array | { readonly any: unknown } | { readonly byte: number };

/** Writes an update by hand: numbers as varUint, texts as varString, bytes as they are. */
export const bytesOf = (...parts: readonly Part[]): Uint8Array => {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === 'number') encoding.writeVarUint(encoder, part);
    else if (typeof part === 'string') encoding.writeVarString(encoder, part);
    else if (part instanceof Uint8Array) encoding.writeUint8Array(encoder, part);
    else if ('byte' in part) encoding.writeUint8(encoder, part.byte);
    else encoding.writeAny(encoder, part.any as Parameters<typeof encoding.writeAny>[1]);
  }
  return encoding.toUint8Array(encoder);
};

import { CLOSE } from '#lib/protocol/close-codes.ts';

/** What the guard says, and what it is counted as. The words may go on with a place in the map, which nobody counts. */
const GUARD: readonly (readonly [RegExp, string])[] = [
  [/^foreign client id$/, 'foreign_client_id'],
  [/^(too many structs|more declared than sent|more values than bytes)/, 'struct_count'],
  [/^too many deletions/, 'deletions'],
  [/^state vector/, 'state_vector'],
  [/^(forbidden key)/, 'forbidden_key'],
  [/^(content kind|value type|kind of shared type|nested formatting)/, 'content_kind'],
  [/^(value too deep)/, 'depth'],
  [/^(clock too high|struct before its time|two blocks of one client|client id$)/, 'clock'],
  [/(nothing stands under|a map has no|no text$| and not |inside of what is no part)/, 'place'],
  [/(neighbours in different places|contradicts a known one|tangled structs)/, 'structure'],
  [/^presence|last presence entry/, 'presence'],
  [/^(message type|sync step)/, 'frame_type'],
  [/^frames are binary/, 'frame_type']
];

/** Every label there is, so that the list cannot grow with what clients send. */
export const REASONS = [
  ...new Set(GUARD.map(([, label]) => label)),
  'malformed',
  'too_big',
  'read_only',
  'gap',
  'quota'
] as const;

/** What a close of this kind refused; null when it refused nothing. */
export const refusalOf = (code: number, reason: string): string | null => {
  switch (code) {
    case CLOSE.badFrame:
      return GUARD.find(([words]) => words.test(reason))?.[1] ?? 'malformed';
    case CLOSE.tooBig:
      return 'too_big';
    case CLOSE.quota:
      return 'quota';
    case CLOSE.resync:
      return /missing|too much before/.test(reason) ? 'gap' : null;
    default:
      return null;
  }
};

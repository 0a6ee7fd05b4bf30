import type { LeftOut } from '#lib/document/read-values.ts';

/** The server reads only a part of the map's history: what it could read is shown and takes no edits. */
export const damageWords =
  'A part of this map’s history can’t be read on the server. You see its last good state; it can’t be edited until whoever runs this Meander has repaired it.';

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** What the board does not show, in one sentence; null when it shows everything. */
export function leftOutWords({ records, texts }: LeftOut): [string] | null {
  const parts = [
    ...(records > 0 ? [counted(records, 'item', 'items')] : []),
    ...(texts > 0 ? [`the end of ${counted(texts, 'text', 'texts')}`] : [])
  ];
  if (parts.length === 0) return null;
  return [
    `This map holds more than fits on a board: ${parts.join(' and ')} can’t be shown. Nothing is removed.`
  ];
}

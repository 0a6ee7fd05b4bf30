import type { Since } from './db/comments.ts';
import { BadCursor } from './storage/ports.ts';

/** The cursor of the page after the row with this time and id. */
export const cursorOf = ({ at, id }: Since): string =>
  Buffer.from(`${at.getTime()} ${id}`).toString('base64url');

/** Reads {@link cursorOf}. Throws {@link BadCursor}. */
export const placeOf = (cursor: string): Since => {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!/^\d{1,15}$/.test(time) || !/^[0-9a-f-]{36}$/.test(id))
    throw new BadCursor('The page cursor is not one of ours.');
  return { at: new Date(Number(time)), id };
};

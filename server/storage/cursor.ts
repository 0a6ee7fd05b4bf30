import { isMapId } from '#lib/journey/ids.ts';
import { BadCursor } from './ports.ts';

/** Where a page of a list that is sorted by time and id begins: after this row. */
export interface Place {
  readonly at: Date;
  readonly id: string; // a v4 UUID
}

export const cursorOf = ({ at, id }: Place): string =>
  Buffer.from(`${at.getTime()} ${id}`).toString('base64url');

/** Reads what {@link cursorOf} wrote. Throws {@link BadCursor}. */
export const placeOf = (cursor: string): Place => {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!/^\d{1,15}$/.test(time) || !isMapId(id)) throw new BadCursor('The page cursor is not one of ours.');
  return { at: new Date(Number(time)), id };
};

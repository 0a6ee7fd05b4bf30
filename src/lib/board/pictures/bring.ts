import { PICTURE_TYPES } from '#lib/collab/pictures.ts';
import type { BoardPoint } from '#lib/canvas/geometry/space.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { placeForPictures } from './uploads.svelte.ts';

/** Puts files on the board as pictures, and says of those that are none. */
export async function bringPictures(
  session: BoardSession,
  files: readonly File[],
  at: BoardPoint = placeForPictures(session)
): Promise<void> {
  const { uploads } = session;
  if (files.length === 0) return;
  if (uploads === null || !session.canEdit) {
    toaster.show({ text: 'You can look at this map but not change it, so no picture was added.' });
    return;
  }
  const refusals = await uploads.add(files, at);
  if (refusals.length === 0) return;
  const text =
    refusals.length === 1
      ? (refusals[0] ?? '')
      : `${refusals.length} of ${files.length} files were not added. ${refusals[0] ?? ''}`;
  toaster.show({ text, tone: 'problem', duration: 12_000 });
}

/** Asks the person for pictures. */
export function choosePictures(session: BoardSession): void {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', multiple: true, accept: PICTURE_TYPES.join(',') });
  input.addEventListener('change', () => void bringPictures(session, [...(input.files ?? [])]));
  input.click();
}

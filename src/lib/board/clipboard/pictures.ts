import { PictureFailure } from '#lib/collab/pictures.ts';
import { picturesOf } from '#lib/journey/objects.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { BoardSession } from '../board-session.svelte.ts';

export interface Brought {
  readonly part: Journey;
  /** What could not be brought along, in a sentence. */
  readonly note: string | null;
}

/** Has this map show the pictures of a part that comes from another one; without those that can't be had. */
export async function bringPicturesOf(session: BoardSession, part: Journey): Promise<Brought> {
  const here = new Set(picturesOf(session.journey));
  const missing = new Set<string>();
  let why = '';
  for (const hash of picturesOf(part)) {
    if (here.has(hash)) continue;
    try {
      if (session.pictures === null) throw new PictureFailure('This map takes no pictures.', true);
      await session.pictures.bring(hash);
    } catch (problem) {
      missing.add(hash);
      why = problem instanceof Error ? problem.message : '';
    }
  }
  if (missing.size === 0) return { part, note: null };
  const objects = part.objects.filter((object) => object.kind !== 'image' || !missing.has(object.hash));
  const lost = part.objects.length - objects.length;
  const which = lost === 1 ? 'One picture was' : `${lost} pictures were`;
  return { part: { ...part, objects }, note: `${which} left out. ${why}` };
}

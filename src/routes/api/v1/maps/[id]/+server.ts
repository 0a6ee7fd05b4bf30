import { answer, caller, refused } from '../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** The map as a file, format `meander-map/1`. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const file = await event.locals.app.maps.file(who.principal, event.params.id);
  return file.ok ? answer(file.value) : refused(file);
};

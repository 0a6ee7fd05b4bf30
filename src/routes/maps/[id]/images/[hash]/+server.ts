import { pictureAnswer } from '../../../../pictures.ts';
import type { RequestHandler } from './$types.ts';

/** A picture for the board. Whoever may not see the map finds nothing here. */
export const GET: RequestHandler = (event) =>
  pictureAnswer(
    event,
    () => new Response('There is no such picture.', { status: 404, headers: { 'cache-control': 'no-store' } })
  );

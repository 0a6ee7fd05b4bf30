import * as v from 'valibot';
import { isRecordId } from '#lib/journey/ids.ts';
import { placeOf } from '#lib/journey/metrics.ts';
import { AUTHORED_AT_MOST } from '#lib/protocol/authors.ts';
import { answer, caller, readQuery, refused } from '../../../requests.ts';
import type { RequestHandler } from './$types.ts';

const ROOTS = ['stages', 'lanes', 'cards', 'objects', 'metrics'] as const;

const written = (text: string) => {
  const cut = text.indexOf('/');
  const root = ROOTS.find((name) => name === text.slice(0, cut));
  const key = text.slice(cut + 1);
  if (root === undefined || !(root === 'metrics' ? placeOf(key) !== null : isRecordId(key))) return null;
  return { root, key };
};

const RULE = `This must be 1 to ${AUTHORED_AT_MOST} things, such as cards/<id> or metrics/<number>, with commas between them.`;

const querySchema = v.object({
  of: v.pipe(
    v.string(RULE),
    v.transform((text) => text.split(',')),
    v.maxLength(AUTHORED_AT_MOST, RULE),
    v.check((things) => things.every((thing) => written(thing) !== null), RULE),
    v.transform((things) => [...new Set(things)].flatMap((thing) => written(thing) ?? []))
  )
});

/** Who wrote things on the map, and when. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const asked = readQuery(event.url.searchParams, querySchema);
  if ('refused' in asked) return asked.refused;
  const told = await event.locals.app.authors.of(who.principal, event.params.id, asked.output.of);
  return told.ok ? answer({ authored: told.value }) : refused(told);
};

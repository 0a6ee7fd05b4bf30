import { cardMarks, tracesOf, type Mark, type Traces } from '#lib/document/authorship.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import type { Author, Authored, CardAuthors, Deed } from '#lib/protocol/authors.ts';
import type { Authorize } from './access/access.ts';
import type { Principal, UserId } from './access/principal.ts';
import { authorQueries, type AuthorQueries } from './db/authors.ts';
import type { Opened } from './db/db.ts';
import type { Outcome } from './maps.ts';
import type { Rooms } from './rooms/types.ts';

/** Something on a map that somebody wrote: a record, or a number. */
export interface Written {
  readonly root: 'stages' | 'lanes' | 'cards' | 'objects' | 'metrics';
  readonly key: string;
}

/**
 * Who wrote what on a map, and when. Nothing of it is what a client says: the document tells under which Yjs client id
 * something was written, the guard lets each account write under its own ids alone, and the log has noted when. What an
 * undo or an older version brings back counts as written by whoever brought it back.
 */
export interface AuthorBook {
  /** What is not on the map is missing from the answer. */
  of(by: Principal | null, mapId: string, things: readonly Written[]): Promise<Outcome<readonly Authored[]>>;
  /** Who put each card there. */
  cards(by: Principal | null, mapId: string): Promise<Outcome<CardAuthors>>;
}

interface Parts {
  readonly opened: Opened;
  readonly authorize: Authorize;
  readonly rooms: Pick<Rooms, 'read'>;
}

/** One who wrote, before their name is known: null is the server, undefined what came with the map. */
interface Source {
  readonly userId: UserId | null | undefined;
  readonly at: Date | null;
}

export function createAuthors({ opened, authorize, rooms }: Parts): AuthorBook {
  const queries = authorQueries(opened);

  const allowed = async <T>(
    by: Principal | null,
    mapId: string,
    work: (mapId: MapId) => Promise<T | null>
  ): Promise<Outcome<T>> => {
    const grant = await authorize(by, mapId, 'read');
    if (!grant.allowed) return { ok: false, reason: grant.reason };
    const value = isMapId(mapId) ? await work(mapId) : null;
    return value === null ? { ok: false, reason: 'unknown' } : { ok: true, value };
  };

  return {
    of: (by, mapId, things) =>
      allowed(by, mapId, async (id) => {
        const found = await rooms.read(id, (doc) =>
          things.flatMap(({ root, key }) => {
            const traces = tracesOf(doc, root, key);
            return traces === null ? [] : { of: `${root}/${key}`, traces };
          })
        );
        if (found === null) return null;
        const createdAt = await queries.createdAt(id);
        return Promise.all(found.map((one) => authored(queries, { mapId: id, createdAt, ...one })));
      }),

    cards: (by, mapId) =>
      allowed(by, mapId, async (id) => {
        const marks = await rooms.read(id, cardMarks);
        return marks && cardAuthors(queries, id, marks);
      })
  };
}

const authorOf = (
  id: UserId,
  known: ReadonlyMap<UserId, { readonly name: string | null; readonly guest: boolean }>
): Author => {
  const person = known.get(id);
  return { id, name: person?.name ?? null, guest: person?.guest ?? false, gone: person === undefined };
};

async function authored(
  queries: AuthorQueries,
  asked: {
    readonly mapId: MapId;
    readonly of: string;
    readonly traces: Traces;
    readonly createdAt: Date | null;
  }
): Promise<Authored> {
  const { mapId, of, traces, createdAt } = asked;
  const clients = [...new Set([traces.made, ...traces.newest].map(({ client }) => client))];
  const writers = await queries.writers(mapId, clients);
  const sourceOf = async ({ client, clock }: Mark): Promise<Source> => {
    if (!writers.has(client)) return { userId: undefined, at: createdAt };
    const stamp = await queries.stampAt(mapId, client, clock);
    return stamp ?? { userId: writers.get(client) ?? null, at: null };
  };
  const made = await sourceOf(traces.made);
  const sources = await Promise.all(traces.newest.map(sourceOf));
  const ids = new Set([made, ...sources].flatMap(({ userId }) => userId ?? []));
  const known = await queries.people([...ids]);
  const deedOf = ({ userId, at }: Source): Deed => {
    const when = at?.toISOString() ?? null;
    if (userId === undefined) return { from: 'start', by: null, at: when };
    if (userId === null) return { from: 'server', by: null, at: when };
    return { from: 'person', by: authorOf(userId, known), at: when };
  };
  return {
    of,
    made: deedOf(made),
    changed: deedOf(sources.reduce((newest, source) => (isNewer(source, newest) ? source : newest), made)),
    people: [...ids].map((id) => authorOf(id, known))
  };
}

/** What came with the map is the oldest, then what came before times were noted. */
function isNewer(a: Source, b: Source): boolean {
  const age = ({ userId, at }: Source) => (userId === undefined ? -Infinity : (at?.getTime() ?? 0));
  return age(a) > age(b);
}

async function cardAuthors(
  queries: AuthorQueries,
  mapId: MapId,
  marks: ReadonlyMap<string, Mark>
): Promise<CardAuthors> {
  const writers = await queries.writers(mapId, [...new Set([...marks.values()].map(({ client }) => client))]);
  const byServer = new Map<number, { readonly clock: number; readonly userId: UserId | null }[]>();
  if ([...writers.values()].includes(null))
    for (const { clientId, clock, userId } of await queries.serverStamps(mapId))
      byServer.set(clientId, [...(byServer.get(clientId) ?? []), { clock, userId }]);
  const cards: Record<string, string[]> = {};
  for (const [card, { client, clock }] of marks) {
    const userId =
      writers.get(client) ?? byServer.get(client)?.findLast((stamp) => stamp.clock <= clock)?.userId ?? null;
    if (userId !== null) (cards[userId] ??= []).push(card);
  }
  const ids = Object.keys(cards) as UserId[];
  const known = await queries.people(ids);
  return { people: ids.map((id) => authorOf(id, known)), cards };
}

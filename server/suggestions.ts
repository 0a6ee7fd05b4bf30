import { randomUUID } from 'node:crypto';
import { readJourney } from '#lib/document/read.ts';
import { applySuggestion } from '#lib/document/suggestion.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import type { Journey } from '#lib/journey/records.ts';
import {
  reversed,
  standingOf,
  withNumbers,
  type Standing,
  type SuggestedChange
} from '#lib/journey/suggestion.ts';
import {
  HOLD_MS,
  SUGGESTION_LIMITS,
  SUGGESTIONS_TOPIC,
  type Suggestion,
  type SuggestionPage
} from '#lib/protocol/suggestions.ts';
import { evaluateMap } from '#lib/scenarios/evaluate.ts';
import { aboutChange } from '#lib/scenarios/suggestion-words.ts';
import type { Action, Authorize, Denied } from './access/access.ts';
import type { Principal, UserId } from './access/principal.ts';
import { commentQueries } from './db/comments.ts';
import type { Opened } from './db/db.ts';
import { suggestionQueries, type SuggestionQueries } from './db/suggestions.ts';
import { storable } from './db/text.ts';
import type { History } from './history.ts';
import type { Inbox } from './inbox.ts';
import { cursorOf, placeOf } from './pages.ts';
import type { Rooms } from './rooms/types.ts';
import { threadsOf } from './threads.ts';

export type SuggestionRefusal =
  | Denied['reason']
  | 'nothing' // no change, or one of what is not on the map, or of what it says already
  | 'full' // too many are open on this map
  | 'decided' // somebody has decided it, or it was withdrawn
  | 'held' // somebody else is just accepting it
  | 'changed' // the map says something else by now than what it was made for
  | 'vanished' // what it is about is no longer on the map
  | 'not-yours';

export type SuggestionOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: SuggestionRefusal };

/** Edits that people propose, stamped with their author by the server. Each call asks for the right first. */
export interface Suggestions {
  /** Newest first, of the open or of the decided ones. `limit` 1 to 200. Throws a BadCursor. */
  list(
    by: Principal | null,
    mapId: string,
    page: { readonly open: boolean; readonly cursor?: string | undefined; readonly limit: number }
  ): Promise<SuggestionOutcome<SuggestionPage<SuggestedChange>>>;
  /** Proposes edits together; whoever may comment may. Answers their ids. */
  propose(
    by: Principal | null,
    mapId: string,
    given: { readonly changes: readonly SuggestedChange[]; readonly why: string | null }
  ): Promise<SuggestionOutcome<readonly string[]>>;
  /** Keeps others from accepting it for {@link HOLD_MS}, while the caller makes the edit on their own board. */
  hold(by: Principal | null, mapId: string, id: string): Promise<SuggestionOutcome<void>>;
  /**
   * Sees to it that the map says what was suggested, in the caller's name, and records it. `anyway`: also where the map
   * has been changed meanwhile.
   */
  accept(
    by: Principal | null,
    mapId: string,
    id: string,
    given: { readonly reason: string | null; readonly anyway: boolean }
  ): Promise<SuggestionOutcome<void>>;
  decline(
    by: Principal | null,
    mapId: string,
    id: string,
    reason: string | null
  ): Promise<SuggestionOutcome<void>>;
  /** The proposer takes it back. */
  withdraw(by: Principal | null, mapId: string, id: string): Promise<SuggestionOutcome<void>>;
}

interface Parts {
  readonly opened: Opened;
  readonly authorize: Authorize;
  readonly rooms: Pick<Rooms, 'poke' | 'read' | 'edit'>;
  readonly inbox: Pick<Inbox, 'tell' | 'readSubject'>;
  readonly history: Pick<History, 'keep'>;
  readonly now?: () => number;
}

type Row = NonNullable<Awaited<ReturnType<SuggestionQueries['one']>>>;

/** The map changed while the edit was on its way into it. */
class Overtaken extends Error {
  readonly standing: Standing;
  constructor(standing: Standing) {
    super('overtaken');
    this.standing = standing;
  }
}

export function createSuggestions(parts: Parts): Suggestions {
  const { opened, authorize, rooms, inbox, history, now = Date.now } = parts;
  const queries = suggestionQueries(opened);
  const { peopleById } = threadsOf(commentQueries(opened));

  const allowed = async <T>(
    by: Principal | null,
    mapId: string,
    action: Action,
    work: (mapId: MapId, by: Principal) => Promise<SuggestionOutcome<T>>
  ): Promise<SuggestionOutcome<T>> => {
    const grant = await authorize(by, mapId, action);
    if (!grant.allowed) return refused(grant.reason);
    return by !== null && isMapId(mapId) ? work(mapId, by) : refused('unknown');
  };

  /** Works on a suggestion that is open. */
  const onOpen = <T>(
    by: Principal | null,
    mapId: string,
    id: string,
    action: Action,
    work: (row: Row, mapId: MapId, by: Principal) => Promise<SuggestionOutcome<T>>
  ) =>
    allowed(by, mapId, action, async (map, who) => {
      const row = await queries.one(map, storable(id));
      if (row === null) return refused('unknown');
      return row.state === 'open' ? work(row, map, who) : refused('decided');
    });

  /** Makes the edit where the map does not say it yet; answers the CLV without and with it. */
  const bringAbout = async (
    mapId: MapId,
    userId: UserId,
    change: SuggestedChange,
    anyway: boolean
  ): Promise<SuggestionOutcome<Suggestion['clv']>> => {
    const before = await rooms.read(mapId, readJourney);
    if (before === null) return refused('unknown');
    const standing = standingOf(change, before);
    if (standing === 'already')
      return { ok: true, value: clvOf(withNumbers(before, [reversed(change)]), before, change) };
    try {
      await rooms.edit(mapId, userId, (doc) => {
        const here = standingOf(change, readJourney(doc));
        if (here === 'gone' || (here === 'changed' && !anyway)) throw new Overtaken(here);
        applySuggestion(doc, change);
      });
    } catch (problem) {
      if (problem instanceof Overtaken) return refused(problem.standing === 'gone' ? 'vanished' : 'changed');
      throw problem;
    }
    return { ok: true, value: clvOf(before, withNumbers(before, [change]), change) };
  };

  const tellProposer = (row: Row, mapId: MapId, by: UserId, what: string, reason: string | null) =>
    inbox.tell({
      to: [row.userId],
      kind: 'answer',
      mapId,
      subject: `answer/${row.id}`,
      by,
      text: reason === null ? what : `${what}: ${reason}`,
      about: row.about
    });

  return {
    list: (by, mapId, asked) =>
      allowed(by, mapId, 'read', async (id) => {
        const limit = Math.min(Math.max(Math.trunc(asked.limit), 1), 200);
        const after = asked.cursor === undefined ? null : placeOf(asked.cursor);
        const rows = await queries.page(id, asked.open, after, limit + 1);
        const shown = rows.slice(0, limit);
        const people = await peopleById(
          shown.flatMap(({ userId, decidedBy }) => [userId, decidedBy ?? []].flat())
        );
        const last = shown.at(-1);
        return {
          ok: true,
          value: {
            suggestions: shown.map((row) => ({
              id: row.id,
              author: people.get(row.userId) ?? null,
              change: changeOf(row),
              about: row.about,
              why: row.why,
              state: row.state,
              createdAt: row.createdAt.toISOString(),
              decidedBy: row.decidedBy === null ? null : (people.get(row.decidedBy) ?? null),
              decidedAt: row.decidedAt?.toISOString() ?? null,
              reason: row.reason,
              clv:
                row.clvBefore === null || row.clvAfter === null
                  ? null
                  : { before: row.clvBefore, after: row.clvAfter }
            })),
            next: rows.length > limit && last ? cursorOf({ at: last.createdAt, id: last.id }) : null
          }
        };
      }),

    propose: (by, mapId, { changes, why }) =>
      allowed(by, mapId, 'comment', async (id, { userId }) => {
        const journey = await rooms.read(id, readJourney);
        if (journey === null) return refused('unknown');
        const apt = changes.every((change) => ['open', 'changed'].includes(standingOf(change, journey)));
        if (changes.length === 0 || changes.length > SUGGESTION_LIMITS.atOnce || !apt)
          return refused('nothing');
        const start = now();
        const rows = changes.map((change, index) => ({
          id: randomUUID(),
          mapId: id,
          userId,
          change: JSON.stringify(storableChange(change)),
          about: storable(aboutChange(change, journey)),
          why: why === null ? null : storable(why),
          state: 'open' as const,
          createdAt: new Date(start + index) // in the order they were given
        }));
        if (!(await queries.add(id, rows, SUGGESTION_LIMITS.openOnMap))) return refused('full');
        const [first] = rows;
        if (first !== undefined)
          await inbox.tell({
            to: (await queries.editors(id)).map((editor) => editor.id),
            kind: 'suggestion',
            mapId: id,
            subject: `suggestion/${first.id}`,
            by: userId,
            text: why ?? '',
            about: rows.length === 1 ? first.about : `${first.about} and ${rows.length - 1} more`
          });
        rooms.poke(id, { topic: SUGGESTIONS_TOPIC });
        return { ok: true, value: rows.map((row) => row.id) };
      }),

    hold: (by, mapId, id) =>
      onOpen(by, mapId, id, 'edit', async (row, map, { userId }) => {
        const at = now();
        const held = await queries.hold(map, row.id, userId, new Date(at), new Date(at + HOLD_MS));
        return held ? done : refused('held');
      }),

    accept: (by, mapId, id, { reason, anyway }) =>
      onOpen(by, mapId, id, 'edit', async (row, map, who) => {
        const at = now();
        if (!(await queries.hold(map, row.id, who.userId, new Date(at), new Date(at + HOLD_MS))))
          return refused('held');
        const made = await bringAbout(map, who.userId, changeOf(row), anyway);
        if (!made.ok) {
          await queries.letGo(row.id, who.userId);
          return made;
        }
        const decided = await queries.decide(map, row.id, {
          state: 'accepted',
          decidedBy: who.userId,
          decidedAt: new Date(now()),
          reason: reason === null ? null : storable(reason),
          clvBefore: made.value?.before ?? null,
          clvAfter: made.value?.after ?? null
        });
        if (!decided) return refused('decided');
        await tellProposer(row, map, who.userId, 'Accepted', reason);
        const author = (await peopleById([row.userId])).get(row.userId)?.name || 'A guest';
        await history.keep(who, map, {
          name: null,
          reason: `${author} suggested: ${row.about}${reason === null ? '' : `. ${reason}`}`,
          restored: null
        });
        rooms.poke(map, { topic: SUGGESTIONS_TOPIC });
        return done;
      }),

    decline: (by, mapId, id, reason) =>
      onOpen(by, mapId, id, 'edit', async (row, map, { userId }) => {
        const decided = await queries.decide(map, row.id, {
          ...UNCHANGED,
          state: 'declined',
          decidedBy: userId,
          decidedAt: new Date(now()),
          reason: reason === null ? null : storable(reason)
        });
        if (!decided) return refused('decided');
        await tellProposer(row, map, userId, 'Declined', reason);
        rooms.poke(map, { topic: SUGGESTIONS_TOPIC });
        return done;
      }),

    withdraw: (by, mapId, id) =>
      onOpen(by, mapId, id, 'comment', async (row, map, { userId }) => {
        if (row.userId !== userId) return refused('not-yours');
        const decided = await queries.decide(map, row.id, {
          ...UNCHANGED,
          state: 'withdrawn',
          decidedBy: userId,
          decidedAt: new Date(now()),
          reason: null
        });
        if (!decided) return refused('decided');
        rooms.poke(map, { topic: SUGGESTIONS_TOPIC });
        return done;
      })
  };
}

const UNCHANGED = { clvBefore: null, clvAfter: null } as const;

const refused = (reason: SuggestionRefusal) => ({ ok: false, reason }) as const;

const done = { ok: true, value: undefined } as const;

/** Rows are written by {@link Suggestions.propose} alone, from what was checked. */
const changeOf = ({ change }: Row): SuggestedChange => JSON.parse(change) as SuggestedChange;

const storableChange = (change: SuggestedChange): SuggestedChange => {
  switch (change.kind) {
    case 'text':
      return { ...change, from: storable(change.from), to: storable(change.to) };
    case 'add':
      return { ...change, text: storable(change.text) };
    case 'remove':
      return { ...change, from: storable(change.from) };
    case 'move':
    case 'metric':
      return change;
  }
};

/** CLV of two states of a map; null where the change is none of numbers, or either has no value. */
function clvOf(before: Journey, after: Journey, { kind }: SuggestedChange): Suggestion['clv'] {
  if (kind !== 'metric') return null;
  const [was, is] = [evaluateMap(before).baseline, evaluateMap(after).baseline];
  return was.ok && is.ok ? { before: was.value.clv, after: is.value.clv } : null;
}

import type { Authored, CardAuthors } from '#lib/protocol/authors.ts';

export {
  AUTHORED_AT_MOST,
  type Author,
  type Authored,
  type CardAuthors,
  type Deed
} from '#lib/protocol/authors.ts';

/** Who wrote what on one map, as the server knows it. Both answer null when it can't be asked. */
export interface AuthorsClient {
  /** `of`: `cards/<id>`, `objects/<id>`, `metrics/<number>` and so on, at most `AUTHORED_AT_MOST`. */
  of(things: readonly string[]): Promise<readonly Authored[] | null>;
  /** Who put each card there. */
  cards(): Promise<CardAuthors | null>;
}

/** `send`: the browser's `fetch`. */
export function authorsClient(mapId: string, send: typeof fetch = fetch): AuthorsClient {
  const base = `/api/v1/maps/${mapId}/authors`;
  const get = async <T>(address: string): Promise<T | null> => {
    const answer = await send(address).catch(() => null);
    return answer?.ok === true ? ((await answer.json().catch(() => null)) as T | null) : null;
  };
  return {
    of: async (things) => {
      const told = await get<{ authored: readonly Authored[] }>(
        `${base}?of=${things.map(encodeURIComponent).join(',')}`
      );
      return told?.authored ?? null;
    },
    cards: () => get<CardAuthors>(`${base}/cards`)
  };
}

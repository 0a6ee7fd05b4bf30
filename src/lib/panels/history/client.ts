/** A kept state of the map, as the API tells it. */
export interface VersionInfo {
  readonly id: string;
  readonly kind: 'created' | 'named' | 'automatic' | 'restored';
  readonly name: string | null;
  readonly reason: string | null;
  readonly by: { readonly name: string | null } | null;
  readonly restoredId: string | null;
  readonly people: readonly { readonly name: string | null }[];
  readonly clv: number | null;
  readonly at: string; // ISO 8601
}

/** The server did not do what was asked; the message is a sentence for people. */
export class HistoryProblem extends Error {
  override readonly name = 'HistoryProblem';
}

export interface HistoryClient {
  list(cursor: string | null): Promise<{ versions: readonly VersionInfo[]; next: string | null }>;
  state(id: string): Promise<Uint8Array>;
  keep(words: { name?: string; reason?: string; restored?: string }): Promise<VersionInfo | null>;
  rename(id: string, name: string): Promise<VersionInfo>;
  restore(id: string, reason: string): Promise<VersionInfo>;
}

const UNREACHED = 'The server is not reached. Nothing was changed; try again in a minute.';

/** The history of one map over HTTP. Every call throws {@link HistoryProblem}. */
export function historyClient(mapId: string, send: typeof fetch = fetch): HistoryClient {
  const base = `/api/v1/maps/${mapId}/versions`;
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    const asked =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await send(base + path, { method, ...asked }).catch(() => null);
    if (response === null) throw new HistoryProblem(UNREACHED);
    if (response.ok) return response;
    const told = (await response.json().catch(() => ({}))) as { detail?: unknown };
    throw new HistoryProblem(typeof told.detail === 'string' ? told.detail : UNREACHED);
  };
  const json = async <T>(method: string, path: string, body?: object): Promise<T> =>
    (await (await ask(method, path, body)).json()) as T;
  return {
    list: (cursor) =>
      json('GET', `?limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    state: async (id) => new Uint8Array(await (await ask('GET', `/${id}/state`)).arrayBuffer()),
    keep: (words) => json('POST', '', words),
    rename: (id, name) => json('PATCH', `/${id}`, { name }),
    restore: (id, reason) => json('POST', `/${id}/restore`, { reason })
  };
}

import type { MapFile } from '#lib/journey/file.ts';
import type { MapId } from '#lib/journey/ids.ts';
import type { ExampleId, PresetId } from '#lib/journey/presets.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Denied } from './access/access.ts';
import type { Principal, UserId } from './access/principal.ts';
import type { MapPage, MapSummary, ShareLink } from './storage/ports.ts';

/** What a new map starts from. */
export type MapSource =
  | { readonly preset: PresetId; readonly title?: string; readonly currency?: string }
  | { readonly example: ExampleId }
  | { readonly file: MapFile };

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: Denied['reason'] };

/** Everything that pages and the API do with maps; each call asks `authorize` itself. */
export interface Maps {
  create(by: UserId, source: MapSource): Promise<MapId>;
  list(by: UserId, page: { trashed: boolean; cursor?: string; limit: number }): Promise<MapPage>;
  summary(by: Principal | null, mapId: string): Promise<Outcome<MapSummary>>;
  /** The map as it is now, with everything that is committed. */
  journey(by: Principal | null, mapId: string): Promise<Outcome<Journey>>;
  /** The map as a file, read from its document. */
  file(by: Principal | null, mapId: string): Promise<Outcome<MapFile>>;
  rename(by: Principal | null, mapId: string, title: string): Promise<Outcome<void>>;
  /** A copy with "(copy)" behind its title, owned by who asked. */
  duplicate(by: Principal | null, mapId: string): Promise<Outcome<MapId>>;
  trash(by: Principal | null, mapId: string): Promise<Outcome<void>>;
  restore(by: Principal | null, mapId: string): Promise<Outcome<void>>;
  /** The title of a map in the trash that `by` may restore; null for any other map. */
  restorable(by: Principal | null, mapId: string): Promise<string | null>;
  /** Makes a link; its token is answered once and only its hash is kept. */
  createLink(
    by: Principal | null,
    mapId: string,
    role: ShareLink['role']
  ): Promise<Outcome<{ link: ShareLink; token: string }>>;
  links(by: Principal | null, mapId: string): Promise<Outcome<readonly ShareLink[]>>;
  /** Ends a link, the rights that came by it, and the open sockets of those who have no other right. */
  revokeLink(by: Principal | null, mapId: string, linkId: string): Promise<Outcome<void>>;
  /** Enters by a link. Null when it does not work, or asks for a password. */
  join(by: UserId, token: string): Promise<MapId | null>;
}

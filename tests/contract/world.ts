import { randomUUID } from 'node:crypto';
import type { MapId } from '#lib/journey/ids.ts';
import { createAccess, type Access, type Principal } from '../../server/access/access.ts';
import type { Opened } from '../../server/db/db.ts';
import { documentLog } from '../../server/storage/documents.ts';
import { mapStore } from '../../server/storage/maps.ts';
import type { DocumentLog, MapStore, PendingUpdate, VersionStore } from '../../server/storage/ports.ts';
import { versionStore } from '../../server/storage/versions.ts';
import type { Backend } from './backends.ts';

/** Everything a suite works with, on one backend. */
export interface World {
  readonly backend: Backend;
  readonly opened: Opened;
  readonly log: DocumentLog;
  readonly maps: MapStore;
  readonly versions: VersionStore;
  readonly access: Access;
  /** The same store seen through each node, to race one against another. */
  readonly everyLog: readonly DocumentLog[];
  readonly everyStore: readonly MapStore[];
  readonly everyVersions: readonly VersionStore[];
}

export const worldOn = async (backend: Backend): Promise<World> => {
  const nodes = await backend.nodes();
  const [opened] = nodes;
  return {
    backend,
    opened,
    log: documentLog(opened),
    maps: mapStore(opened),
    versions: versionStore(opened),
    access: createAccess(opened, { secureCookies: false }),
    everyLog: nodes.map(documentLog),
    everyStore: nodes.map(mapStore),
    everyVersions: nodes.map(versionStore)
  };
};

export const newMapId = (): MapId => randomUUID() as string as MapId;

/** A guest who exists. */
export const guest = async ({ access }: World, name: string | null = 'Guest'): Promise<Principal> => {
  const made = await access.accounts.createGuest(name);
  if (!made.ok) throw new Error(made.problem);
  return made.principal;
};

export const FIRST_CONTENT = Uint8Array.of(1, 2, 3);

/** A map that exists, and its owner. */
export const mapOf = async (world: World, owner?: Principal, title = 'A map') => {
  const by = owner ?? (await guest(world, 'Owner'));
  const mapId = newMapId();
  await world.maps.create({ id: mapId, title, createdBy: by.userId, snapshot: FIRST_CONTENT });
  return { mapId, owner: by };
};

export const update = (...bytes: number[]): PendingUpdate => ({
  userId: null,
  clientId: 4_294_967_295,
  bytes: Uint8Array.from(bytes)
});

/** Runs `count` jobs at once, dealt round the nodes. */
export const race = <Node, T>(
  nodes: readonly Node[],
  count: number,
  job: (node: Node, index: number) => Promise<T>
): Promise<T[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => {
      const node = nodes[index % nodes.length];
      if (node === undefined) throw new Error('no node');
      return job(node, index);
    })
  );

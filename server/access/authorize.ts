import { isMapId } from '#lib/journey/ids.ts';
import { canEdit, type Role } from '#lib/protocol/roles.ts';
import type { Opened } from '../db/db.ts';
import { mapQueries } from '../db/maps.ts';
import type { Principal } from './principal.ts';

/** What somebody wants to do on a map. `trash` covers restoring; `share` covers making and revoking links. */
export type Action = 'read' | 'comment' | 'edit' | 'share' | 'trash';

export interface Grant {
  readonly allowed: true;
  readonly role: Role;
  /** When the right ends by itself; null: never. */
  readonly until: Date | null;
}

export interface Denied {
  readonly allowed: false;
  /**
   * `login`: nobody is logged in. `unknown`: no such map, or none of theirs; the two look alike. `forbidden`: their
   * role is too small. `gone`: their map is in the trash.
   */
  readonly reason: 'login' | 'unknown' | 'forbidden' | 'gone';
}

/** The one place that decides who may do what on a map. Any text may be passed as `mapId`. */
export type Authorize = (
  principal: (Pick<Principal, 'userId'> & Partial<Principal>) | null,
  mapId: string,
  action: Action
) => Promise<Grant | Denied>;

/** Builds {@link Authorize} on a database; it asks anew each time, so that a revoked link ends at once. */
export const createAuthorize = (opened: Opened): Authorize => {
  const maps = mapQueries(opened);
  return async (principal, mapId, action) => {
    if (!principal) return { allowed: false, reason: 'login' };
    const standing = isMapId(mapId) ? await maps.standing(mapId, principal.userId) : null;
    if (!standing) return { allowed: false, reason: 'unknown' };
    const allowed = mayDo(standing.role, action);
    // In the trash a map can only be restored, and only by whoever may trash it.
    if (standing.trashed && !(allowed && action === 'trash')) return { allowed: false, reason: 'gone' };
    return allowed
      ? { allowed, role: standing.role, until: standing.until }
      : { allowed, reason: 'forbidden' };
  };
};

const mayDo = (role: Role, action: Action): boolean => {
  switch (action) {
    case 'read':
      return true;
    case 'comment':
      return role !== 'viewer';
    case 'edit':
      return canEdit(role);
    // A right that came by a link must not be able to outlive it in a link of its own making.
    case 'share':
    case 'trash':
      return role === 'owner';
  }
};

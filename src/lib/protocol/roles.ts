/** What a person may do on a map, from most to least. */
export const ROLES = ['owner', 'editor', 'commenter', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** True when the role may change the map's document. */
export const canEdit = (role: Role): boolean => role === 'owner' || role === 'editor';

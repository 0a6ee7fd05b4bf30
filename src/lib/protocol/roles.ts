/** What a person may do on a map, from most to least. */
export type Role = 'owner' | 'editor' | 'commenter' | 'viewer';

/** True when the role may change the map's document. */
export const canEdit = (role: Role): boolean => role === 'owner' || role === 'editor';

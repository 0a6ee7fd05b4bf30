import type { Role } from '#lib/protocol/roles.ts';

/** The moment so many days from now, as the API takes it. */
export const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

export const LINK_WORDS = { editor: 'Can edit', commenter: 'Can comment', viewer: 'Can view' } as const;
export const ROLE_WORDS: Readonly<Record<Role, string>> = { owner: 'Owner', ...LINK_WORDS };

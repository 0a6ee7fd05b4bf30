import type { Role } from './roles.ts';

/** What a link or an invitation can give. */
export const LINK_ROLES = ['editor', 'commenter', 'viewer'] as const;
export type LinkRole = (typeof LINK_ROLES)[number];

/** `private`: only people who were given a right themselves. `link`: whoever has a link, too. */
export const VISIBILITIES = ['private', 'link'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Bounds of what a link asks for. */
export const LINK_LIMITS = { uses: 10_000, passwordShortest: 8, passwordLongest: 256 } as const;

/** A share link as its owner sees it; the address itself is not kept. Times are ISO 8601 in UTC. */
export interface LinkShown {
  readonly id: string;
  readonly role: LinkRole;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly usesLimit: number | null; // how many people may come by it
  readonly uses: number; // how many have
  readonly locked: boolean; // it asks for a password
}

/** Somebody on the map. `linkId`: by which link; null for a right of their own. */
export interface PersonShown {
  readonly id: string;
  readonly name: string; // '' for a guest who has not been asked yet
  readonly guest: boolean;
  readonly role: Role;
  readonly linkId: string | null;
}

/** Who may open a map, for its owners. */
export interface SharingState {
  readonly visibility: Visibility;
  readonly people: readonly PersonShown[];
  readonly links: readonly LinkShown[];
  readonly invitations: readonly {
    readonly id: string;
    readonly email: string;
    readonly role: LinkRole;
    readonly expiresAt: string;
  }[];
}

/** An invitation as whoever holds its address sees it. `mine` is null for somebody without an account. */
export interface Invitation {
  readonly title: string;
  readonly role: LinkRole;
  readonly inviter: string | null;
  readonly mine: boolean | null;
}

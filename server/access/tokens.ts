import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Opened } from '../db/db.ts';
import { peopleQueries } from '../db/people.ts';
import { storable } from '../db/text.ts';
import type { Principal, UserId } from './principal.ts';

export interface ApiToken {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null; // to the minute
}

export interface Tokens {
  /** Answers the token's text (`mdr_...`), which is kept nowhere. */
  add(userId: UserId): Promise<string>;
  /** Who an Authorization header (`Bearer mdr_...`) speaks for. */
  read(authorizationHeader: string | null | undefined): Promise<Principal | null>;
  list(userId: UserId): Promise<readonly ApiToken[]>;
  /** True when that person had such a token. */
  remove(userId: UserId, tokenId: string): Promise<boolean>;
}

const BEARER = /^bearer +(mdr_[A-Za-z0-9_-]{43})$/i;
const USE_NOTED_EVERY_MS = 60_000;

/** Bearer tokens for programs. */
export const createTokens = (opened: Opened): Tokens => {
  const people = peopleQueries(opened);
  return {
    add: async (userId) => {
      const token = `mdr_${randomBytes(32).toString('base64url')}`;
      await people.addToken({ id: randomUUID(), userId, hash: hashed(token) });
      return token;
    },
    read: async (authorizationHeader) => {
      const token = BEARER.exec(authorizationHeader?.trim() ?? '')?.[1];
      const row = token === undefined ? null : await people.tokenByHash(hashed(token));
      if (!row) return null;
      const now = new Date();
      const since = new Date(now.getTime() - USE_NOTED_EVERY_MS);
      if (row.lastUsedAt === null || row.lastUsedAt < since) await people.touchToken(row.tokenId, now, since);
      return { userId: row.userId, name: row.name, guest: row.guest };
    },
    list: (userId) => people.tokensOf(userId),
    remove: (userId, tokenId) => people.removeToken(userId, storable(tokenId))
  };
};

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex');

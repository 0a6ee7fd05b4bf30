import { kit } from './kit.ts';
import { defineTables } from './tables.ts';

/** The tables as SQLite has them; drizzle-kit reads the named exports. */
export const tables = defineTables(kit);
export const {
  pictures,
  pictureBytes,
  mapPictures,
  users,
  sessions,
  tokens,
  resets,
  tries,
  maps,
  links,
  members,
  updates,
  snapshots,
  writers,
  stamps,
  versions,
  versionPeople,
  threads,
  comments,
  reactions,
  mentions,
  seen,
  inbox,
  muted,
  digests,
  keys,
  suggestions,
  reviews,
  reviewers,
  outcomes,
  wins,
  audit,
  auditHeads,
  invitations
} = tables;

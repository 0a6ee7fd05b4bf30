import type { MapId } from '#lib/journey/ids.ts';
import type { AuditAction } from '#lib/protocol/audit.ts';
import type { UserId } from './ids.ts';
import type { Kit } from './kit.ts';

const now = () => new Date();

/** Every table, in the column kinds of one database. Column names become snake_case in the database. */
export const defineTables = (k: Kit) => {
  const users = k.table('users', {
    id: k.text().$type<UserId>().primaryKey(),
    name: k.text(), // null: a guest who has not been asked yet
    email: k.text().unique(), // folded to lower case; null for guests
    passwordHash: k.text(),
    guest: k.bool().notNull(),
    createdAt: k.time().notNull().$defaultFn(now)
  });
  const user = () =>
    k
      .text()
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' });
  // What a person made outlives their account.
  const maker = () =>
    k
      .text()
      .$type<UserId>()
      .references(() => users.id, { onDelete: 'set null' });

  const sessions = k.table(
    'sessions',
    {
      id: k.text().primaryKey(), // SHA-256 of the cookie's token
      userId: user(),
      expiresAt: k.time().notNull(),
      createdAt: k.time().notNull().$defaultFn(now)
    },
    (t) => [k.index('sessions_user').on(t.userId), k.index('sessions_expiry').on(t.expiresAt)]
  );
  const tokens = k.table(
    'tokens',
    {
      id: k.text().primaryKey(),
      userId: user(),
      hash: k.text().notNull().unique(),
      createdAt: k.time().notNull().$defaultFn(now),
      lastUsedAt: k.time()
    },
    (t) => [k.index('tokens_user').on(t.userId)]
  );

  const resets = k.table(
    'resets',
    {
      hash: k.text().primaryKey(), // SHA-256 of the one-time link's token
      userId: user(),
      expiresAt: k.time().notNull()
    },
    (t) => [k.index('resets_user').on(t.userId)]
  );
  // Failed sign-ins, by account or address. In the database, so that all nodes count together.
  const tries = k.table('tries', {
    who: k.text().primaryKey(), // a hash: whom somebody tried to be is nobody's business
    failed: k.int().notNull(),
    at: k.time().notNull() // of the newest failure
  });

  const maps = k.table(
    'maps',
    {
      id: k.text().$type<MapId>().primaryKey(),
      title: k.text().notNull(),
      epoch: k.int().notNull().default(1),
      head: k.int().notNull().default(0), // number of the newest update
      createdBy: maker(),
      createdAt: k.time().notNull().$defaultFn(now),
      editedAt: k.time().notNull().$defaultFn(now),
      trashedAt: k.time(),
      // `private`: only people who were given a right themselves; links wait.
      visibility: k.oneOf(['private', 'link']).notNull().default('private')
    },
    (t) => [k.index('maps_edited').on(t.editedAt, t.id)]
  );
  const map = () =>
    k
      .text()
      .$type<MapId>()
      .notNull()
      .references(() => maps.id, { onDelete: 'cascade' });

  const links = k.table(
    'links',
    {
      id: k.text().primaryKey(),
      mapId: map(),
      role: k.oneOf(['editor', 'commenter', 'viewer']).notNull(),
      tokenHash: k.text().notNull().unique('links_token_hash_unique'),
      createdBy: maker(),
      createdAt: k.time().notNull().$defaultFn(now),
      revokedAt: k.time(),
      expiresAt: k.time(),
      passwordHash: k.text(), // Argon2id; null: without a password
      usesLimit: k.int(), // how many people may come by it
      uses: k.int().notNull().default(0)
    },
    (t) => [k.index('links_map').on(t.mapId)]
  );
  const members = k.table(
    'members',
    {
      mapId: map(),
      userId: user(),
      // What an owner gave, which decides; `none` for who was removed. Null: what the link gives.
      role: k.oneOf(['owner', 'editor', 'commenter', 'viewer', 'none']),
      linkId: k.text().references(() => links.id, { onDelete: 'set null' }), // the link they came by
      joinedAt: k.time().notNull().$defaultFn(now)
    },
    (t) => [
      k.primaryKey({ columns: [t.mapId, t.userId] }),
      k.index('members_user').on(t.userId),
      k.index('members_link').on(t.linkId)
    ]
  );

  const invitations = k.table(
    'invitations',
    {
      id: k.text().primaryKey(),
      mapId: map(),
      email: k.text().notNull(), // folded
      role: k.oneOf(['editor', 'commenter', 'viewer']).notNull(),
      tokenHash: k.text().notNull().unique('invitations_token_hash_unique'),
      invitedBy: maker(),
      createdAt: k.time().notNull().$defaultFn(now),
      expiresAt: k.time().notNull()
    },
    (t) => [k.uniqueIndex('invitations_once').on(t.mapId, t.email)]
  );
  const updates = k.table(
    'updates',
    {
      mapId: map(),
      seq: k.int().notNull(),
      userId: k.text().$type<UserId>(), // no foreign key: who wrote it stays true when they leave
      clientId: k.int().notNull(),
      bytes: k.bytes().notNull(),
      crc: k.int().notNull(),
      at: k.time().notNull()
    },
    (t) => [k.primaryKey({ columns: [t.mapId, t.seq] })]
  );
  const snapshots = k.table(
    'snapshots',
    {
      mapId: map(),
      seq: k.int().notNull(),
      bytes: k.bytes().notNull(),
      sha256: k.text().notNull(),
      at: k.time().notNull().$defaultFn(now)
    },
    (t) => [k.primaryKey({ columns: [t.mapId, t.seq] })]
  );

  // Whose a Yjs client id is. Outlives the log: who has been offline for long comes back under an old id.
  const writers = k.table(
    'writers',
    {
      mapId: map(),
      clientId: k.int().notNull(),
      userId: k.text().$type<UserId>() // null: the server; no foreign key, as in `updates`
    },
    (t) => [k.primaryKey({ columns: [t.mapId, t.clientId] })]
  );

  // Whose the content of a client id is from a clock on, and when it came; the log itself is forgotten in time.
  const stamps = k.table(
    'stamps',
    {
      mapId: map(),
      clientId: k.int().notNull(),
      clock: k.int().notNull(),
      userId: k.text().$type<UserId>(), // null: the server; no foreign key, as in `updates`
      at: k.time().notNull()
    },
    (t) => [k.primaryKey({ columns: [t.mapId, t.clientId, t.clock] })]
  );

  // States of a map that are kept, whatever becomes of the log.
  const versions = k.table(
    'versions',
    {
      id: k.text().primaryKey(),
      mapId: map(),
      kind: k.oneOf(['created', 'named', 'automatic', 'restored']).notNull(),
      name: k.text(), // only what people named has one
      reason: k.text(),
      userId: k.text().$type<UserId>(), // null: the server; no foreign key, as in `updates`
      restoredId: k.text(), // the version that was restored, which may have been thinned out since
      seq: k.int().notNull(), // contains every update up to and including this number
      clv: k.real(), // null: the map could not be valued
      bytes: k.bytes().notNull(), // Y.encodeStateAsUpdateV2
      sha256: k.text().notNull(),
      stateVector: k.bytes().notNull(),
      at: k.time().notNull().$defaultFn(now)
    },
    (t) => [k.index('versions_map').on(t.mapId, t.at, t.id)]
  );
  // Who edited between the version before and this one.
  const versionPeople = k.table(
    'version_people',
    {
      versionId: k
        .text()
        .notNull()
        .references(() => versions.id, { onDelete: 'cascade' }),
      userId: k.text().$type<UserId>().notNull()
    },
    (t) => [k.primaryKey({ columns: [t.versionId, t.userId] })]
  );

  // Talk about a map. Not in its document: who wrote what must be beyond doubt.
  const threads = k.table(
    'threads',
    {
      id: k.text().primaryKey(),
      mapId: map(),
      anchor: k.text().notNull(), // journey/anchor.ts; what it names may be gone
      about: k.text().notNull(),
      createdAt: k.time().notNull(),
      resolvedAt: k.time(),
      resolvedBy: k.text().$type<UserId>() // no foreign key, as in `updates`
    },
    (t) => [k.index('threads_map').on(t.mapId, t.createdAt, t.id)]
  );
  const comments = k.table(
    'comments',
    {
      id: k.text().primaryKey(),
      threadId: k
        .text()
        .notNull()
        .references(() => threads.id, { onDelete: 'cascade' }),
      userId: k.text().$type<UserId>().notNull(), // no foreign key, as in `updates`
      text: k.text().notNull(), // '' when deleted
      verdict: k.oneOf(['approve', 'decline', 'ask']),
      createdAt: k.time().notNull(),
      editedAt: k.time(),
      deletedAt: k.time()
    },
    (t) => [k.index('comments_thread').on(t.threadId, t.createdAt, t.id)]
  );
  const comment = () =>
    k
      .text()
      .notNull()
      .references(() => comments.id, { onDelete: 'cascade' });
  const reactions = k.table(
    'reactions',
    { commentId: comment(), userId: user(), emoji: k.text().notNull() },
    (t) => [k.primaryKey({ columns: [t.commentId, t.userId, t.emoji] })]
  );
  const mentions = k.table('mentions', { commentId: comment(), userId: user() }, (t) => [
    k.primaryKey({ columns: [t.commentId, t.userId] })
  ]);
  // Up to when somebody has read a thread.
  const seen = k.table(
    'seen',
    {
      userId: user(),
      threadId: k
        .text()
        .notNull()
        .references(() => threads.id, { onDelete: 'cascade' }),
      at: k.time().notNull()
    },
    (t) => [k.primaryKey({ columns: [t.userId, t.threadId] })]
  );
  // What somebody is told of: a comment, or something else named by `subject`, such as `suggestion/ID`.
  const inbox = k.table(
    'inbox',
    {
      id: k.text().primaryKey(),
      userId: user(),
      kind: k.oneOf(['mention', 'reply', 'verdict', 'suggestion', 'answer', 'review', 'win']).notNull(),
      mapId: map(),
      commentId: k.text().references(() => comments.id, { onDelete: 'cascade' }),
      subject: k.text(),
      byId: k.text().$type<UserId>(), // of what is no comment; null: the server; no foreign key, as in `updates`
      text: k.text(), // of what is no comment
      about: k.text(),
      at: k.time().notNull(),
      readAt: k.time(),
      mailedAt: k.time()
    },
    (t) => [
      k.index('inbox_user').on(t.userId, t.at, t.id),
      k.uniqueIndex('inbox_once').on(t.userId, t.commentId),
      k.uniqueIndex('inbox_subject').on(t.userId, t.subject)
    ]
  );
  // What somebody does not want to be told of.
  const muted = k.table(
    'muted',
    {
      userId: user(),
      kind: k.oneOf(['mention', 'reply', 'verdict', 'suggestion', 'answer', 'review', 'win']).notNull()
    },
    (t) => [k.primaryKey({ columns: [t.userId, t.kind] })]
  );
  // How often an account wants its inbox by mail. Without a row: once a day.
  const digests = k.table('digests', {
    userId: user().primaryKey(),
    every: k.oneOf(['off', 'hour', 'day', 'week']).notNull(),
    sentAt: k.time() // when it was last looked whether there is something to send
  });
  // Keys that the server signs with, made once.
  const keys = k.table('keys', { name: k.text().primaryKey(), bytes: k.bytes().notNull() });

  // Edits that somebody proposes. Not in the map's document: who proposed what must be beyond doubt.
  const suggestions = k.table(
    'suggestions',
    {
      id: k.text().primaryKey(),
      mapId: map(),
      userId: k.text().$type<UserId>().notNull(), // no foreign key, as in `updates`
      change: k.text().notNull(), // JSON, journey/suggestion.ts
      about: k.text().notNull(), // what it changes, in the words of the map when it was made
      why: k.text(),
      state: k.oneOf(['open', 'accepted', 'declined', 'withdrawn']).notNull(),
      createdAt: k.time().notNull(),
      heldBy: k.text().$type<UserId>(), // who is just accepting it
      heldUntil: k.time(),
      decidedBy: k.text().$type<UserId>(),
      decidedAt: k.time(),
      reason: k.text(),
      clvBefore: k.real(), // of an accepted one; null: the map could not be valued
      clvAfter: k.real()
    },
    (t) => [k.index('suggestions_map').on(t.mapId, t.createdAt, t.id)]
  );

  // When a map is to be looked through again.
  const reviews = k.table('reviews', {
    mapId: map().primaryKey(),
    dueAt: k.time(),
    every: k.oneOf(['never', 'month', 'quarter', 'half', 'year']).notNull()
  });
  const reviewers = k.table('reviewers', { mapId: map(), userId: user() }, (t) => [
    k.primaryKey({ columns: [t.mapId, t.userId] })
  ]);
  const outcomes = k.table(
    'outcomes',
    {
      id: k.text().primaryKey(),
      mapId: map(),
      userId: k.text().$type<UserId>().notNull(), // no foreign key, as in `updates`
      outcome: k.oneOf(['holds', 'changed', 'outdated']).notNull(),
      note: k.text().notNull(),
      clv: k.real(), // null: the map could not be valued
      at: k.time().notNull()
    },
    (t) => [k.index('outcomes_map').on(t.mapId, t.at, t.id)]
  );
  // What went well, for everybody on the map to see.
  const wins = k.table(
    'wins',
    {
      id: k.text().primaryKey(),
      mapId: map(),
      userId: k.text().$type<UserId>().notNull(), // no foreign key, as in `updates`
      text: k.text().notNull(),
      amount: k.real(), // what it brought, in the map's currency
      at: k.time().notNull()
    },
    (t) => [k.index('wins_map').on(t.mapId, t.at, t.id)]
  );

  // Pictures of maps, each once, by what they are. On every node the same, and in every backup.
  const pictures = k.table('pictures', {
    hash: k.text().primaryKey(), // SHA-256 of the bytes
    type: k.oneOf(['image/png', 'image/jpeg', 'image/webp']).notNull(),
    width: k.int().notNull(),
    height: k.int().notNull(),
    size: k.int().notNull(), // bytes
    at: k.time().notNull() // when it was last put on a map
  });
  // Apart, so that noting something about a picture does not write all of it anew.
  const pictureBytes = k.table('picture_bytes', {
    hash: k
      .text()
      .primaryKey()
      .references(() => pictures.hash, { onDelete: 'cascade' }),
    bytes: k.bytes().notNull()
  });
  // Which maps may show which picture.
  const mapPictures = k.table(
    'map_pictures',
    {
      mapId: map(),
      hash: k
        .text()
        .notNull()
        .references(() => pictures.hash),
      userId: k.text().$type<UserId>().notNull(), // whose budget it is on; no foreign key, as in `updates`
      size: k.int().notNull(), // bytes
      addedAt: k.time().notNull(),
      placedAt: k.time() // null: nobody has put it on the board yet
    },
    (t) => [
      k.primaryKey({ columns: [t.mapId, t.hash] }),
      k.index('map_pictures_hash').on(t.hash),
      k.index('map_pictures_user').on(t.userId)
    ]
  );
  // Who did what. Rows are added and never changed; each one's hash covers the one before.
  const audit = k.table(
    'audit',
    {
      seq: k.int().primaryKey(),
      at: k.time().notNull(),
      action: k.text().$type<AuditAction>().notNull(),
      // No foreign keys: what was done stays true when maps and people are gone.
      userId: k.text().$type<UserId>(),
      mapId: k.text().$type<MapId>(),
      personId: k.text().$type<UserId>(),
      detail: k.text().notNull(), // JSON
      hash: k.text().notNull()
    },
    (t) => [k.index('audit_map').on(t.mapId, t.seq), k.index('audit_at').on(t.at)]
  );
  // One row: where the chain of the audit begins and ends.
  const auditHeads = k.table('audit_heads', {
    id: k.text().primaryKey(),
    seq: k.int().notNull(),
    hash: k.text().notNull(),
    baseSeq: k.int().notNull(), // the newest row that was let go
    baseHash: k.text().notNull()
  });

  return {
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
  };
};

export type Tables = ReturnType<typeof defineTables>;

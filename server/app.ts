import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { rootsOf } from '#lib/document/layout.ts';
import { readTitle } from '#lib/document/read.ts';
import { MAP_SHAPES } from '#lib/document/shapes.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { createAccess, type Access } from './access/access.ts';
import { createAudit, type Audit } from './audit.ts';
import { createLocalBus } from './bus/bus.ts';
import { createAuthors, type AuthorBook } from './authors.ts';
import { createComments, type Comments } from './comments.ts';
import { createRedisBus } from './bus/redis.ts';
import { configFrom, ConfigError, type Config } from './config.ts';
import { makeFolder } from './db/folder.ts';
import { keyOf } from './db/keys.ts';
import { open } from './db/open.ts';
import { createFigures, type Figures } from './figures.ts';
import { createFits, type Fits } from './fits.ts';
import { createGateway } from './gateway/gateway.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { createDigests, type Digests } from './digests.ts';
import { createHistory, type History } from './history.ts';
import { createLog } from './log.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createMailer } from './mail.ts';
import type { Maps } from './maps.ts';
import { createMaps } from './maps-service.ts';
import { createPictureReader } from './picture-reader.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { createRooms } from './rooms/rooms.ts';
import type { Rooms } from './rooms/types.ts';
import { createSnapshots } from './snapshots.ts';
import { documentLog } from './storage/documents.ts';
import { createMonitor, mayReadMetrics, type Monitor } from './monitor/monitor.ts';
import { createReadiness } from './readiness.ts';
import { createReviews, type Reviews } from './reviews.ts';
import { createSuggestions, type Suggestions } from './suggestions.ts';
import { createPeople, type People } from './people.ts';
import { createSharing, type Sharing } from './sharing.ts';
import { mapStore } from './storage/maps.ts';
import { pictureStore } from './storage/pictures.ts';
import { versionStore } from './storage/versions.ts';

export { configFrom, ConfigError, type Config };

/** One running Meander: what pages, endpoints, sockets and tests share. */
export interface App {
  readonly config: Config;
  readonly access: Access;
  readonly maps: Maps;
  readonly people: People;
  readonly history: History;
  readonly comments: Comments;
  readonly inbox: Inbox;
  readonly suggestions: Suggestions;
  readonly reviews: Reviews;
  readonly digests: Digests;
  readonly authors: AuthorBook;
  readonly pictures: Pictures;
  readonly audit: Audit;
  readonly sharing: Sharing;
  readonly throttle: Throttle;
  readonly figures: Figures;
  readonly fits: Fits;
  readonly log: Logger;
  /** True when the database takes writes and the app is not stopping. */
  ready(): Promise<boolean>;
  /** What this server counts, for whoever brings the operator's token; null for everybody else. */
  metrics(authorization: string | null): Promise<Awaited<ReturnType<Monitor['read']>> | null>;
  /** Something went wrong that nobody took care of; the process is about to end. */
  fault(): void;
  matches(url: string | undefined): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /**
   * Commits and acknowledges what is under way, says goodbye to every socket, takes snapshots, lets go of the database.
   * With `hurry` aborted it does only what must not be left out.
   */
  close(hurry?: AbortSignal): Promise<void>;
}

const SESSION_SWEEP_MS = 3_600_000;
const DIGEST_SWEEP_MS = 5 * 60_000;

/**
 * Builds everything once, from the configuration alone. Throws an Error whose message is one sentence for the
 * operator when the database cannot be opened.
 */
export async function createApp(config: Config): Promise<App> {
  const log = createLog(config.logLevel);
  if (!config.databaseUrl.startsWith('postgres')) makeFolder(config.dataDir);
  const opened = await open(config.databaseUrl, config.migrations);
  const access = createAccess(opened, { secureCookies: config.origin?.startsWith('https:') ?? false });
  const audit = createAudit({ opened, authorize: access.authorize, days: config.auditDays });
  const store = mapStore(opened);
  let closing: Promise<void> | undefined;
  const monitor = createMonitor(() => closing !== undefined);
  const bus = monitor.bus(
    config.redisUrl === undefined
      ? createLocalBus()
      : createRedisBus({
          url: config.redisUrl,
          prefix: `meander:${await opened.identity()}`,
          key: await keyOf(opened, 'bus', randomBytes(32)),
          logger: log,
          heard: monitor.heard
        })
  );
  const history = createHistory({
    store: versionStore(opened),
    rooms: () => rooms,
    authorize: access.authorize,
    note: audit.note
  });
  const pictures = createPictures({
    store: pictureStore(opened),
    reader: createPictureReader(),
    authorize: access.authorize
  });
  /** The titles that lists know already; a query a second for each map that is edited would be too many. */
  const titles = new WeakMap<object, string>();
  const snapshots = createSnapshots();
  const unwatched = createRooms({
    log: monitor.log(documentLog(opened)),
    shapes: MAP_SHAPES,
    bus,
    shared: opened.dialect === 'postgres',
    logger: log,
    snapshotOf: snapshots.of,
    // Whoever writes to the document past our own pages writes titles of any length; lists show them.
    onEdited: async (mapId, doc, moment) => {
      const title = readTitle(rootsOf(doc).map).slice(0, LIMITS.title);
      const known = titles.get(doc) === title;
      titles.set(doc, title);
      try {
        await Promise.all([
          known || store.setTitle(mapId, title),
          history.edited(mapId, doc, moment),
          pictures.edited(mapId, doc, moment)
        ]);
      } catch (error) {
        titles.delete(doc);
        throw error;
      }
    }
  });
  const rooms: Rooms = monitor.rooms(unwatched);
  const gateway = createGateway({
    rooms,
    access: {
      // A socket looks every minute and cannot be sent a cookie.
      identify: ({ headers: { authorization, cookie } }) =>
        authorization ? access.tokens.read(authorization) : access.sessions.peek(cookie),
      authorize: access.authorize
    },
    origin: config.origin,
    trustProxy: config.trustProxy,
    logger: log
  });
  const sweep = setInterval(
    () =>
      void Promise.all([
        access.sessions.deleteExpired(),
        access.accounts.deleteExpired(),
        pictures.sweep(),
        audit.prune()
      ]).catch(() => undefined),
    SESSION_SWEEP_MS
  );
  sweep.unref();
  const inbox = createInbox(opened);
  const reviews = createReviews({ opened, authorize: access.authorize, rooms, inbox });
  const mailer = createMailer(config.mail, log);
  const digests = createDigests({ opened, mailer, origin: config.origin ?? '', log });
  const post = setInterval(
    () =>
      void reviews
        .remind()
        .then(() => digests.sweep())
        .catch((problem: unknown) =>
          log.warn({ problem: String(problem) }, 'reminders and digests could not be looked through')
        ),
    DIGEST_SWEEP_MS
  );
  post.unref();

  const figures = createFigures();
  const fits = createFits();

  const maps = createMaps({
    store,
    rooms,
    authorize: access.authorize,
    examples: config.examples,
    note: audit.note,
    onCreated: history.created,
    carryPictures: pictures.carry
  });

  const stop = async (hurry?: AbortSignal) => {
    clearInterval(sweep);
    clearInterval(post);
    mailer?.close();
    await rooms.close(hurry);
    await gateway.close();
    await bus.close();
    await Promise.all([figures.close(), fits.close(), pictures.close(), snapshots.close()]);
    await opened.close();
    monitor.stop();
  };
  return {
    config,
    access,
    maps,
    people: createPeople({
      ...access,
      rooms,
      signups: config.signups,
      note: audit.note,
      post: mailer && { mailer, origin: config.origin ?? '', log }
    }),
    audit,
    sharing: createSharing({ opened, access, store, rooms, note: audit.note }),
    history,
    comments: createComments({
      opened,
      authorize: access.authorize,
      rooms,
      journey: (by, mapId) => maps.journey(by, mapId),
      wanted: inbox.wanted
    }),
    inbox,
    reviews,
    suggestions: createSuggestions({ opened, authorize: access.authorize, rooms, inbox, history }),
    digests,
    authors: createAuthors({ opened, authorize: access.authorize, rooms }),
    pictures,
    throttle: createThrottle(),
    figures,
    fits,
    log,
    ready: createReadiness(opened, () => closing === undefined && !rooms.stats().cutOff),
    metrics: async (authorization) =>
      mayReadMetrics(config.metricsToken, authorization) ? monitor.read() : null,
    fault: () => monitor.counts.faults++,
    matches: (url) => gateway.matches(url),
    upgrade: (request, socket, head) => gateway.upgrade(request, socket, head),
    close: (hurry) => (closing ??= stop(hurry))
  };
}

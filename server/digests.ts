import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { grouped, headingOfGroup, pathOfItem, type InboxItem } from '#lib/protocol/inbox.ts';
import type { UserId } from './access/principal.ts';
import type { Opened } from './db/db.ts';
import { inboxQueries } from './db/inbox.ts';
import { keyOf } from './db/keys.ts';
import { itemsOf } from './inbox.ts';
import { kindOf, type Mail, type Mailer } from './mail.ts';

const HOUR = 3_600_000;
const INTERVAL_MS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR } as const;
/** What somebody is just reading, or has just written, is not mailed yet. */
const SETTLED_MS = 5 * 60_000;
const PEOPLE_AT_ONCE = 500;
const ITEMS = 50;
const EXCERPT = 200;

/** The unread inbox by mail, and the way to switch it off without signing in. */
export interface Digests {
  /** Sends what is due; for a timer. Answers how many were sent. */
  sweep(): Promise<number>;
  /** The token that the mail of a person carries. */
  tokenFor(userId: UserId): Promise<string>;
  /** Switches the digest of a token's person off. False for a token that is not ours. */
  switchOff(token: string): Promise<boolean>;
}

interface Parts {
  readonly opened: Opened;
  /** Null: nothing is ever sent. */
  readonly mailer: Mailer | null;
  readonly origin: string;
  readonly log: Pick<Logger, 'warn'>;
  readonly now?: () => number;
}

export function createDigests({ opened, mailer, origin, log, now = Date.now }: Parts): Digests {
  const queries = inboxQueries(opened);
  const shown = itemsOf(opened);
  let key: Promise<Uint8Array> | null = null;

  const signatureOf = async (userId: string): Promise<Buffer> => {
    key ??= keyOf(opened, 'digests', randomBytes(32));
    return createHmac('sha256', await key)
      .update(`digest off ${userId}`)
      .digest();
  };
  const tokenFor = async (userId: UserId) =>
    `${Buffer.from(userId).toString('base64url')}.${(await signatureOf(userId)).toString('base64url')}`;
  const personOf = async (token: string): Promise<UserId | null> => {
    const [name = '', signature = ''] = token.split('.');
    const userId = Buffer.from(name, 'base64url').toString();
    const [given, right] = [Buffer.from(signature, 'base64url'), await signatureOf(userId)];
    return given.length === right.length && timingSafeEqual(given, right) ? (userId as UserId) : null;
  };

  type Waiting = Awaited<ReturnType<typeof queries.waiting>>[number];
  const send = async ({ userId, email, name, sentAt }: Waiting, at: Date, to: Mailer): Promise<boolean> => {
    if (email === null || !(await queries.takeDigest(userId, sentAt, at))) return false;
    const items = await shown(await queries.unmailed(userId, ITEMS + 1));
    if (items.length > 0) {
      const off = `${origin}/mail/off/${await tokenFor(userId)}`;
      try {
        await to.send({ to: email, ...mailOf(items, name ?? '', origin, off) });
      } catch (problem) {
        await queries.giveDigestBack(userId, sentAt);
        log.warn({ problem: kindOf(problem) }, 'a digest could not be sent; it is tried again');
        return false;
      }
    }
    await queries.markMailed(userId, at);
    return items.length > 0;
  };

  return {
    tokenFor,
    sweep: async () => {
      if (mailer === null) return 0;
      const at = new Date(now());
      const waiting = await queries.waiting(new Date(at.getTime() - SETTLED_MS), PEOPLE_AT_ONCE);
      let sent = 0;
      for (const person of waiting) {
        const every = person.every ?? 'day';
        if (every === 'off') continue;
        const due = (person.sentAt?.getTime() ?? -Infinity) + INTERVAL_MS[every];
        if (due <= at.getTime() && (await send(person, at, mailer))) sent += 1;
      }
      return sent;
    },
    switchOff: async (token) => {
      const userId = await personOf(token);
      if (userId === null) return false;
      await queries.setDigest(userId, 'off').catch(() => undefined); // an account that is gone gets no mail
      return true;
    }
  };
}

/** One digest: what is unread by map, floods told as one, each with the way to the very thing. */
function mailOf(all: readonly InboxItem[], name: string, origin: string, off: string): Omit<Mail, 'to'> {
  const items = all.slice(0, ITEMS);
  const lines = [`Hello${name === '' ? '' : ` ${name}`},`, ''];
  for (const [, ofMap] of Map.groupBy(items, ({ map }) => map.id)) {
    lines.push(`${ofMap[0]?.map.title ?? ''}`, '');
    for (const group of grouped(ofMap)) {
      lines.push(`* ${headingOfGroup(group)}`);
      if (group.items.length === 1 && group.newest.text !== '') lines.push(`  ${excerpt(group.newest.text)}`);
      lines.push(`  ${origin}${pathOfItem(group.newest)}`, '');
    }
  }
  if (all.length > ITEMS) lines.push(`And more: ${origin}/inbox`, '');
  lines.push(`How often this comes: ${origin}/inbox/settings`, `No more of these mails: ${off}`);
  const [first] = items;
  const subject =
    items.length === 1 && first !== undefined
      ? headingOfGroup({ newest: first, items: [first] })
      : `${items.length}${all.length > ITEMS ? ' or more' : ''} things to read`;
  return {
    subject: `Meander: ${subject}`,
    text: lines.join('\n'),
    headers: {
      'List-Unsubscribe': `<${off}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated'
    }
  };
}

const excerpt = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= EXCERPT ? line : `${line.slice(0, EXCERPT - 1)}…`;
};

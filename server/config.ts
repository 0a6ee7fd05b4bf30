import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

/** What a node is told by its environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly origin: string | undefined; // the public URL's origin, such as https://maps.example.org
  readonly dataDir: string;
  readonly databaseUrl: string; // postgres://... or the path of the SQLite file
  readonly redisUrl: string | undefined;
  readonly signups: 'open' | 'invite' | 'off';
  readonly auditDays: number; // how long the audit is kept
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly trustProxy: boolean;
  /** What a reader of /metrics has to bring; unset: nobody may. */
  readonly metricsToken: string | undefined;
  /** The mail server and the sender of mails; unset: no mail is sent. */
  readonly mail: { readonly smtpUrl: string; readonly from: string } | undefined;
  readonly migrations: string;
  readonly examples: string;
}

/** A wrong value in the environment; its message is one sentence for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535'),
  v.transform(Number),
  v.maxValue(65535, 'must be a port number from 0 to 65535')
);

const DAYS = 'must be a whole number of days from 1 to 3650';
const days = v.pipe(
  v.string(),
  v.regex(/^\d{1,4}$/, DAYS),
  v.transform(Number),
  v.minValue(1, DAYS),
  v.maxValue(3650, DAYS)
);

const url = (protocols: readonly string[], what: string) =>
  v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `must be ${what}`)
  );

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of: ${values.join(', ')}`);

const environment = v.object({
  PORT: v.optional(port, '3000'),
  HOST: v.optional(v.pipe(v.string(), v.nonEmpty('must be a host name or address')), '0.0.0.0'),
  ORIGIN: v.optional(
    v.pipe(
      url(['http:', 'https:'], 'a URL such as https://maps.example.org'),
      v.check((text) => ['', '/'].includes(new URL(text).pathname), 'must not have a path'),
      v.transform((text) => new URL(text).origin)
    )
  ),
  DATA_DIR: v.optional(v.pipe(v.string(), v.nonEmpty('must be a folder')), './data'),
  DATABASE_URL: v.optional(
    url(['postgres:', 'postgresql:'], 'a postgres:// address; leave it unset for SQLite')
  ),
  REDIS_URL: v.optional(url(['redis:', 'rediss:'], 'a redis:// address')),
  SIGNUPS: v.optional(oneOf(['open', 'invite', 'off']), 'open'),
  AUDIT_DAYS: v.optional(days, '365'),
  LOG_LEVEL: v.optional(oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info'),
  TRUST_PROXY: v.optional(oneOf(['0', '1']), '0'),
  METRICS_TOKEN: v.optional(
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,}$/, 'must have 16 signs or more, and no space'))
  ),
  SMTP_URL: v.optional(
    v.pipe(
      url(['smtp:', 'smtps:'], 'a mail server such as smtps://user:password@mail.example.org'),
      v.check((text) => new URL(text).hostname !== '', 'must name a host')
    )
  ),
  MAIL_FROM: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
        'must be an address such as Meander <maps@example.org>'
      )
    )
  )
});

/**
 * Reads the environment. `root` is the folder that holds `drizzle/` and `static/`. An empty value counts as unset.
 * Throws {@link ConfigError} naming the first variable that is wrong; values that may hold a password are not repeated.
 */
export function configFrom(env: Readonly<Record<string, string | undefined>>, root: URL): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== '')
  );
  const parsed = v.safeParse(environment, given, { abortPipeEarly: true });
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new ConfigError(`${String(issue.path?.[0]?.key)} ${issue.message}.`);
  }
  const { output } = parsed;
  if (output.SMTP_URL !== undefined && output.MAIL_FROM === undefined)
    throw new ConfigError('MAIL_FROM must be set where SMTP_URL is: it is the sender of every mail.');
  if (output.SMTP_URL !== undefined && output.ORIGIN === undefined)
    throw new ConfigError('ORIGIN must be set where SMTP_URL is: it is where the links in mails lead.');
  const dataDir = resolve(output.DATA_DIR);
  return {
    port: output.PORT,
    host: output.HOST,
    origin: output.ORIGIN,
    dataDir,
    databaseUrl: output.DATABASE_URL ?? join(dataDir, 'meander.sqlite'),
    redisUrl: output.REDIS_URL,
    signups: output.SIGNUPS,
    auditDays: output.AUDIT_DAYS,
    logLevel: output.LOG_LEVEL,
    trustProxy: output.TRUST_PROXY === '1',
    metricsToken: output.METRICS_TOKEN,
    mail:
      output.SMTP_URL === undefined || output.MAIL_FROM === undefined
        ? undefined
        : { smtpUrl: output.SMTP_URL, from: output.MAIL_FROM },
    migrations: fileURLToPath(new URL('drizzle/', root)),
    examples: fileURLToPath(new URL('static/examples/', root))
  };
}

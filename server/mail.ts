import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

/** A mail to one person; nobody's address is ever shown to another. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Mailer {
  /** Resolves when the mail server has taken it. Rejects when it has not. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

const PATIENCE_MS = 15_000;

/** Sends by the operator's mail server; null where none is set. Says in the log when it does not answer at the start. */
export function createMailer(mail: Config['mail'], log: Pick<Logger, 'warn'>): Mailer | null {
  if (mail === undefined) return null;
  const transport = createTransport({
    url: mail.smtpUrl,
    pool: true,
    maxConnections: 2,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS
  });
  transport.verify().catch((problem: unknown) => {
    log.warn({ problem: kindOf(problem) }, 'the mail server does not answer; mails are tried all the same');
  });
  return {
    send: async ({ to, subject, text, headers }) => {
      // One line: what a person typed must not become a header of its own.
      const line = subject.replace(/\s+/g, ' ').slice(0, 200);
      await transport.sendMail({ from: mail.from, to, subject: line, text, headers: { ...headers } });
    },
    close: () => transport.close()
  };
}

/** What went wrong, without the addresses that the words of a mail server may repeat. */
export const kindOf = (problem: unknown): string => {
  const { code, responseCode } = (problem ?? {}) as { code?: unknown; responseCode?: unknown };
  return [code, responseCode]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');
};

import { createAccess } from '../access/access.ts';
import { createAudit, type Audit } from '../audit.ts';
import type { Config } from '../config.ts';
import { openPlace } from './commands.ts';

interface Output {
  readonly say: (text: string) => void;
  readonly tell: (text: string) => void;
}

/** Runs an operator's look at the audit. Throws an Error whose message is a sentence. */
async function looking<T>(config: Config, look: (audit: Audit) => Promise<T>): Promise<T> {
  const opened = await openPlace(config);
  try {
    const { authorize } = createAccess(opened, { secureCookies: false });
    return await look(createAudit({ opened, authorize, days: config.auditDays }));
  } finally {
    await opened.close();
  }
}

function readNoted(text: string | undefined) {
  if (text === undefined) return null;
  const [, seq, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined)
    throw new Error('--noted is the number and the hash that "audit verify" printed, with a colon between.');
  return { seq: Number(seq), hash };
}

/** Reads the whole chain. Answers the exit code: 2 when it is broken. `noted`: a head `seq:hash` kept elsewhere. */
export const verifyAudit = (config: Config, noted: string | undefined, output: Output): Promise<number> => {
  const kept = readNoted(noted);
  return looking(config, async (audit) => {
    const verified = await audit.verify(kept);
    if (!verified.ok) {
      output.tell(`The audit is broken: row ${verified.broken} is not as it was written.`);
      return 2;
    }
    const { rows, head } = verified;
    output.say(`The audit is whole: ${rows} rows, up to ${head.seq}:${head.hash}`);
    return 0;
  });
};

/** Says the newest rows, one JSON object a line. */
export const listAudit = (config: Config, limit: string | undefined, { say }: Output): Promise<void> => {
  const most = Number(limit ?? 100);
  if (!Number.isInteger(most) || most < 1) throw new Error('--limit must be a whole number from 1.');
  return looking(config, async (audit) => {
    let cursor: string | undefined;
    for (let left = most; left > 0; left -= 100) {
      const page = await audit.all({ cursor, limit: Math.min(left, 100) });
      for (const row of page.rows) say(JSON.stringify(row));
      if (page.next === null) return;
      cursor = page.next;
    }
  });
};

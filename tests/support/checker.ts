import { isDeepStrictEqual } from 'node:util';
import type * as Y from 'yjs';
import { nameOf, shows, wordsOf, type Ledger } from './ledger.ts';
import { fingerprint } from './peer.ts';
import { until } from './until.ts';

/** One of the five rules that hold whatever fails. */
export class BrokenRule extends Error {
  override readonly name = 'BrokenRule';
}

/**
 * Rules 1, 2 and 5, against a document that was read anew: every edit that was acknowledged is there, and so is
 * everything that anybody was shown; no edit is there twice; no indicator has said "saved" about an edit that was not
 * acknowledged. Call it right after the fault, before the clients bring their own copies back.
 */
export function checkPromises(ledgers: readonly Ledger[], stored: Y.Doc): void {
  const words = wordsOf(stored);
  for (const ledger of ledgers) {
    const { name, acked, lies } = ledger;
    for (const trace of ledger.traces(acked))
      if (!shows(stored, words, trace))
        throw new BrokenRule(`1: acknowledged to ${name} and not there: ${nameOf(trace)}`);
    for (const trace of ledger.seen())
      if (!shows(stored, words, trace))
        throw new BrokenRule(`1: shown to ${name} and not there: ${nameOf(trace)}`);
    if (lies[0] !== undefined) throw new BrokenRule(`5: ${lies[0]}`);
  }
  for (const [word, times] of words)
    if (times > 1) throw new BrokenRule(`2: ${word} is there ${times} times`);
}

/**
 * The same where another node is asked: what a node stored just before it died stands in the log, and the others read it
 * there within a few seconds, as nobody told them.
 */
export async function checkPromisesSoon(
  ledgers: readonly Ledger[],
  server: () => Promise<Y.Doc>,
  patienceMs = 10_000
): Promise<void> {
  for (const end = performance.now() + patienceMs; ;) {
    const stored = await server();
    try {
      return checkPromises(ledgers, stored);
    } catch (error) {
      if (!(error instanceof BrokenRule) || performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Rules 3 and 4 about documents that ought to be one; null when they hold. */
export function disagreement(docs: readonly Y.Doc[]): string | null {
  const [first, ...others] = docs.map(fingerprint);
  for (const print of [first, ...others])
    if (!isDeepStrictEqual((print as { pending: unknown }).pending, [null, null]))
      return '4: structs or deletions are pending';
  return others.every((other) => isDeepStrictEqual(other, first)) ? null : '3: the documents differ';
}

/** What a whole run came to; for the line that a test prints. */
export interface Outcome {
  readonly sent: number;
  readonly acked: number;
  readonly deletions: number;
  /** From the call until everybody agreed. */
  readonly settledMs: number;
}

/**
 * All five rules, once the fault has ended: everybody is saved, and everybody and the server hold the same, within a
 * time that is generous on a busy machine. `server` reads the document as somebody sees it who was never there.
 */
export async function checkOutcome(
  ledgers: readonly Ledger[],
  server: () => Promise<Y.Doc>,
  patienceMs = 30_000
): Promise<Outcome> {
  const began = performance.now();
  const say = () => ledgers.map(({ name, indicator }) => `${name} ${indicator.kind}`).join(', ');
  await until('everybody is saved', () => ledgers.every(({ saved }) => saved), patienceMs).catch(() => {
    throw new BrokenRule(`3: not everybody was saved in the end: ${say()}`);
  });
  let stored = await server();
  let left = disagreement([stored, ...ledgers.map(({ doc }) => doc)]);
  for (const end = performance.now() + patienceMs; left !== null && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    stored = await server();
    left = disagreement([stored, ...ledgers.map(({ doc }) => doc)]);
  }
  if (left !== null) throw new BrokenRule(left);
  const settledMs = performance.now() - began;
  checkPromises(ledgers, stored);
  const words = wordsOf(stored);
  for (const { name, sent, traces } of ledgers.map((ledger) => ({
    name: ledger.name,
    sent: ledger.sent,
    traces: ledger.traces(ledger.sent)
  }))) {
    const missing = traces.find((trace) => !shows(stored, words, trace));
    if (missing) throw new BrokenRule(`1: of ${sent} edits of ${name} one is missing: ${nameOf(missing)}`);
  }
  const sum = (count: (ledger: Ledger) => number) =>
    ledgers.reduce((total, ledger) => total + count(ledger), 0);
  return {
    sent: sum(({ sent }) => sent),
    acked: sum(({ acked }) => acked),
    deletions: sum(({ deletions }) => deletions),
    settledMs: Math.round(settledMs)
  };
}

import * as Y from 'yjs';
import { expect, test } from 'vitest';
import { writeAck, writeAnswer, writeStateVector } from '#lib/protocol/frames.ts';
import { checkPromises, disagreement } from '../support/checker.ts';
import { Ledger } from '../support/ledger.ts';
import { Peer } from '../support/peer.ts';
import { createRandom } from '../support/random.ts';

/** A person on a server that acknowledges as it is told to. */
const meet = () => {
  const ledger = new Ledger('ann');
  const peer = new Peer(ledger.doc);
  ledger.attach(peer);
  peer.connected(() => undefined);
  const server = new Y.Doc();
  peer.receive(writeStateVector(Y.encodeStateVector(server)));
  peer.receive(writeAnswer(Y.encodeStateAsUpdate(server)));
  const random = createRandom(5);
  const write = (edits: number) => {
    for (let edit = 0; edit < edits; edit++) ledger.edit(random);
  };
  const acknowledge = (count = peer.sent) => peer.receive(writeAck(count));
  return { ledger, write, acknowledge };
};

const copyOf = (doc: Y.Doc): Y.Doc => {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
};

test('a server that keeps its word passes, and what it did not promise may be gone', () => {
  const { ledger, write, acknowledge } = meet();
  write(20);
  acknowledge();
  expect([ledger.saved, ledger.acked]).toEqual([true, 20]);
  const stored = copyOf(ledger.doc);
  write(10);
  expect([ledger.saved, ledger.acked]).toEqual([false, 20]);
  expect(() => checkPromises([ledger], stored)).not.toThrow();
});

test('rule 1 of the checker: an acknowledged edit that is gone, and one that somebody was shown', () => {
  const { ledger, write, acknowledge } = meet();
  const stored = copyOf(ledger.doc);
  write(20);
  acknowledge();
  expect(() => checkPromises([ledger], stored)).toThrow(/^1: acknowledged to ann/);
  const reader = new Ledger('bob', copyOf(ledger.doc));
  expect(() => checkPromises([reader], stored)).toThrow(/^1: shown to bob/);
});

test('rule 2 of the checker: an edit that is there twice', () => {
  const { ledger, write, acknowledge } = meet();
  write(20);
  acknowledge();
  const stored = copyOf(ledger.doc);
  const [trace] = ledger.traces(20).filter(({ kind }) => kind === 'word');
  stored
    .getMap('cards')
    .set('again', new Y.Map([['text', new Y.Text(trace?.kind === 'word' ? trace.word : '')]]));
  expect(() => checkPromises([ledger], stored)).toThrow(/^2: .* is there 2 times/);
});

test('rules 3 and 4 of the checker: documents that differ by a deletion alone, and one that waits for an update', () => {
  const { ledger, write } = meet();
  write(20);
  const other = copyOf(ledger.doc);
  expect(disagreement([ledger.doc, other])).toBeNull();
  const before = Y.encodeStateVector(ledger.doc);
  write(1);
  other.getMap('cards').delete([...other.getMap('cards').keys()][0] ?? '');
  expect(disagreement([ledger.doc, other])).toMatch(/^3/);
  const late = new Y.Doc();
  Y.applyUpdate(late, Y.encodeStateAsUpdate(ledger.doc, before));
  expect(disagreement([late, late])).toMatch(/^4/);
});

test('rule 5 of the checker: an indicator that says "saved" about edits that nobody promised', () => {
  const { ledger, write, acknowledge } = meet();
  write(5);
  // More than was sent: a client that believed it would be wrong about everything it does next.
  Object.defineProperty(ledger, 'saved', { get: () => true });
  acknowledge(2);
  expect(() => checkPromises([ledger], copyOf(ledger.doc))).toThrow(
    /^5: ann saw "saved" with \d edits unpromised/
  );
});

import { expect, test } from 'vitest';
import { Envelopes } from './envelope.ts';

const key = Uint8Array.from({ length: 32 }, (_, index) => index);
const evict = { kind: 'evict', mapId: 'a' };

test('what one node says the other hears, once, and the node itself knows its own voice', () => {
  const [one, two] = [new Envelopes(key, 'one'), new Envelopes(key, 'two')];
  const first = one.seal('rooms', evict);
  const second = one.seal('rooms', evict);
  expect(two.open('rooms', first)).toEqual({ kind: 'taken', message: evict });
  expect(two.open('rooms', second)).toEqual({ kind: 'taken', message: evict });
  expect(two.open('rooms', first)).toEqual({ kind: 'forged' });
  expect(one.open('rooms', first)).toEqual({ kind: 'own' });
});

test.each([
  ['without a signature', JSON.stringify({ node: 'one', number: 9, message: evict })],
  ['empty', ''],
  ['signed with another key', new Envelopes(new Uint8Array(32), 'one').seal('rooms', evict)],
  ['of another channel', new Envelopes(key, 'one').seal('elsewhere', evict)],
  ['changed', new Envelopes(key, 'one').seal('rooms', evict).replace('"a"', '"b"')],
  ['cut off', new Envelopes(key, 'one').seal('rooms', evict).slice(0, -1)]
])('a message %s is nobody’s', (_what, text) => {
  expect(new Envelopes(key, 'two').open('rooms', text)).toEqual({ kind: 'forged' });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIMITS } from './limits.ts';
import { EMPTY_PRESENCE, readPresence, readPresenceFields } from './presence.ts';

const user = { id: 'u', name: 'Ann', color: '#000000', guest: false };

test('P51 what is said is read, what cannot be read is empty, and anything else is dropped', () => {
  const said = {
    cursor: { x: 1, y: 2 },
    selection: ['a'],
    editing: 'a',
    drag: { x: 3, y: -4 },
    laser: { x: 5, y: 6 },
    chat: 'Look here',
    view: { x: 0, y: 0, width: 100, height: 50 },
    following: 7,
    call: 3
  };
  expect(readPresenceFields({ ...said, extra: 1 })).toEqual(said);
  expect(readPresenceFields({})).toEqual(EMPTY_PRESENCE);
  expect(
    readPresenceFields({
      cursor: { x: Number.NaN, y: 0 },
      selection: 'a',
      editing: '../a',
      drag: { x: 1e300, y: 0 },
      laser: { x: 1, y: '2' },
      chat: { toString: 'x' },
      view: { x: 0, y: 0, width: 0, height: 1 },
      following: -1,
      call: 1.5
    })
  ).toEqual(EMPTY_PRESENCE);
});

test('P55 a word at the cursor is one short line of letters that can be seen', () => {
  const chat = (text: string) => readPresenceFields({ chat: text })?.chat;
  expect(chat('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
  expect(chat('a\n\u202eb\u0000c')).toBe('a b c');
  expect(chat(' \n ')).toBeNull();
  expect(chat('x'.repeat(5_000))).toHaveLength(LIMITS.presenceChat);
});

test('P51 whatever somebody sends is read without an error, and reading it again changes nothing', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), fc.anything(), (view, drag, chat, following) => {
      const once = readPresence({ view, drag, chat, following, user });
      expect(readPresence(once)).toEqual(once);
    }),
    { numRuns: 300 }
  );
});

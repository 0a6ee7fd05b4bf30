import { expect, test } from 'vitest';
import type { SaveState } from '#lib/protocol/save-state.ts';
import { saveAnnouncer, saveTone, saveWords } from './save-words.ts';

const CLOSED: SaveState = { kind: 'closed', code: 4413, reason: 'frame too big', changes: 3 };

test('a final close says how many changes are only here, and nothing of the wire', () => {
  expect(saveWords(CLOSED)).toBe('Disconnected: 3 changes only on this device');
  expect(saveWords({ ...CLOSED, changes: 0 })).toBe('Disconnected');
  expect(saveTone(CLOSED)).toBe('alarm');
});

test('edits that the server did not take do not look like a mere view', () => {
  const refused: SaveState = { kind: 'refused', changes: 1 };
  expect(saveWords(refused)).toBe('Not on the map: 1 change only on this device');
  expect(saveTone(refused)).toBe('alarm');
});

test('B18: a screen reader hears of trouble once and of its end, not of each pause', () => {
  const announce = saveAnnouncer();
  const heard = (...states: SaveState[]) => states.map(announce);
  const saving: SaveState = { kind: 'saving', changes: 1 };
  const saved: SaveState = { kind: 'saved' };
  expect(heard(saving, saved, saving, saved)).toEqual(['', '', '', '']);
  const offline = 'Offline: 1 change only on this device';
  expect(
    heard({ kind: 'offline', changes: 1 }, { kind: 'offline', changes: 2 }, { kind: 'saving', changes: 2 })
  ).toEqual([offline, offline, offline]);
  expect(heard(saved, saving, saved)).toEqual(Array(3).fill('Saved on the server'));
  expect(heard({ kind: 'failing', changes: 0 }, CLOSED)).toEqual([
    'Not saving: the server can’t write',
    'Disconnected: 3 changes only on this device'
  ]);
});

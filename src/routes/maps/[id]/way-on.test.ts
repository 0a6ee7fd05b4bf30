import { describe, expect, it } from 'vitest';
import { parseMapFile } from '#lib/journey/file.ts';
import { CLOSE, isFinal } from '#lib/protocol/close-codes.ts';
import { OTHER_ACCOUNT } from '#lib/protocol/save-state.ts';
import { j1 } from '#lib/scenarios/j1.fixture.ts';
import { localCopy } from './local-copy.ts';
import { onlyHere, wayOn } from './way-on.ts';

const closed = (code: number, changes = 3) => wayOn({ kind: 'closed', code, reason: '', changes });

describe('a way on', () => {
  it.each([...Object.values(CLOSE).filter(isFinal), OTHER_ACCOUNT, 4499])(
    'is there after %i: something can be done, and what is only here is counted',
    (code) => {
      const way = closed(code);
      expect(way?.changes).toBe(3);
      expect(way?.again !== null || way?.startOver).toBe(true);
      expect(way?.title).not.toMatch(/\d/);
    }
  );

  it('after a refusal: keep a copy, then start over', () => {
    expect(wayOn({ kind: 'refused', changes: 2 })).toMatchObject({
      changes: 2,
      again: null,
      startOver: true
    });
  });

  it('is not asked for while the board can be written on', () => {
    for (const kind of ['saved', 'viewOnly'] as const) expect(wayOn({ kind })).toBeNull();
    for (const kind of ['saving', 'offline', 'failing', 'unread'] as const)
      expect(wayOn({ kind, changes: 1 })).toBeNull();
  });

  it('starts over only where the server has the map for this person', () => {
    for (const code of [CLOSE.login, CLOSE.forbidden, CLOSE.gone, OTHER_ACCOUNT])
      expect(closed(code)?.startOver).toBe(false);
  });
});

it('what is only here is said in one sentence', () => {
  expect(onlyHere(0)).toBe('');
  expect(onlyHere(1)).toBe('1 change is only on this device. Download a copy to keep it.');
  expect(onlyHere(2)).toBe('2 changes are only on this device. Download a copy to keep them.');
});

it('the copy is a map file that can be opened again', async () => {
  const file = localCopy(j1());
  expect(file.name).toMatch(/\.json$/);
  expect(parseMapFile(JSON.parse(await file.text()))).toMatchObject({ ok: true });
});

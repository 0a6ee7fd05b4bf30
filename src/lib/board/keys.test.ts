import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands/registry.ts';
import { keysLabel, matches, type KeyWord } from './keys.ts';

const press = (key: string, held: Partial<KeyWord> = {}): KeyWord => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held
});

describe('keys', () => {
  it('Mod is Cmd on a Mac and Ctrl elsewhere', () => {
    expect(matches(press('z', { ctrlKey: true }), 'Mod+Z', false)).toBe(true);
    expect(matches(press('z', { ctrlKey: true }), 'Mod+Z', true)).toBe(false);
    expect(matches(press('z', { metaKey: true }), 'Mod+Z', true)).toBe(true);
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Z', false)).toBe(false);
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z', false)).toBe(true);
  });

  it('plain keys never fire with Ctrl, Alt or Cmd held', () => {
    for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }])
      for (const key of ['v', 'h', 'n', 'Enter', 'Delete', '?'])
        expect(
          COMMANDS.some(({ keys }) =>
            keys.some((chord) => !/\+./.test(chord) && matches(press(key, held), chord, false))
          )
        ).toBe(false);
  });

  it('signs go by what the key produces, digits with Shift by the key', () => {
    expect(matches(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(matches(press('?'), '?', false)).toBe(true);
    expect(matches(press('+', { ctrlKey: true, shiftKey: true }), 'Mod++', false)).toBe(true);
    expect(matches(press('!', { shiftKey: true, code: 'Digit1' }), 'Shift+1', false)).toBe(true);
    expect(matches(press('1', { code: 'Digit1' }), 'Shift+1', false)).toBe(false);
  });

  it('are written as people know them', () => {
    expect(keysLabel('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(keysLabel('Mod+Shift+Z', true)).toBe('⇧⌘Z');
    expect(keysLabel('Mod++', false)).toBe('Ctrl++');
    expect(keysLabel('Alt+ArrowUp', false)).toBe('Alt+↑');
  });

  it('no two commands share an id', () => {
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
  });
});

/** The parts of a keyboard event that decide which command it means. */
export interface KeyWord {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Chord {
  readonly mod: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
}

const parse = (keys: string): Chord => {
  // "Mod++" ends in the key "+" itself.
  const parts = keys.endsWith('++') ? [...keys.slice(0, -2).split('+'), '+'] : keys.split('+');
  const has = (name: string) => parts.slice(0, -1).includes(name);
  return {
    mod: has('Mod'),
    ctrl: has('Ctrl'),
    alt: has('Alt'),
    shift: has('Shift'),
    key: parts.at(-1) ?? ''
  };
};

/**
 * True when the event is the chord `keys`, written like "Mod+Shift+Z" or "Shift+1". Letters and signs go by what the
 * key produces, so that they are where the person's keyboard has them; digits with Shift or Alt go by their key, as
 * they produce something else. A chord without Mod, Ctrl or Alt never fires with one of them held.
 */
export function matches(event: KeyWord, keys: string, mac: boolean): boolean {
  const chord = parse(keys);
  const ctrl = chord.ctrl || (chord.mod && !mac);
  const meta = chord.mod && mac;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== chord.alt) return false;
  if (/^\d$/.test(chord.key)) {
    if (event.shiftKey !== chord.shift) return false;
    return (
      event.code === `Digit${chord.key}` || event.code === `Numpad${chord.key}` || event.key === chord.key
    );
  }
  // A sign like "?" or "+" may need Shift on one keyboard and not on another.
  const isSign = chord.key.length === 1 && !/[a-z]/i.test(chord.key);
  if (!isSign && event.shiftKey !== chord.shift) return false;
  return event.key.toLowerCase() === chord.key.toLowerCase();
}

/** True for a chord of one letter, digit or sign, with at most Shift held: WCAG 2.1.4 wants these switchable off. */
export const isSingleKey = (keys: string): boolean => {
  const { mod, ctrl, alt, key } = parse(keys);
  return !mod && !ctrl && !alt && [...key].length === 1;
};

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
  PageUp: 'Page up',
  PageDown: 'Page down',
  ContextMenu: 'Menu'
};

/** The chord as people write it: "Ctrl+Shift+Z", on a Mac "⇧⌘Z". */
export function keysLabel(keys: string, mac: boolean): string {
  const { mod, ctrl, alt, shift, key } = parse(keys);
  const name = NAMES[key] ?? key;
  if (mac) return `${ctrl ? '⌃' : ''}${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`;
  return [mod || ctrl ? 'Ctrl' : '', alt ? 'Alt' : '', shift ? 'Shift' : '', name]
    .filter((part) => part !== '')
    .join('+');
}

/** True on Apple's systems, where Mod is Cmd. */
export const isMac = (): boolean =>
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

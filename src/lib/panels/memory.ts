const PREFIX = 'meander.panel.';

/** Whether a section was left open on this device; `fallback` where nothing is remembered or storage is refused. */
export function recall(name: string, fallback: boolean): boolean {
  try {
    const stored = globalThis.localStorage?.getItem(PREFIX + name);
    return stored === 'open' || (stored !== 'closed' && fallback);
  } catch {
    return fallback; // private windows may throw on every access
  }
}

/** Remembers whether a section is open. */
export function remember(name: string, open: boolean): void {
  try {
    globalThis.localStorage?.setItem(PREFIX + name, open ? 'open' : 'closed');
  } catch {
    // Nothing is lost but the memory of a fold.
  }
}

/** One of `choices` as kept on this device; `fallback` where nothing, or something else, is kept. */
export function recallChoice<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  fallback: Choice
): Choice {
  try {
    const stored = globalThis.localStorage?.getItem(PREFIX + name);
    return choices.find((choice) => choice === stored) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Keeps a choice on this device. */
export function rememberChoice(name: string, choice: string): void {
  try {
    globalThis.localStorage?.setItem(PREFIX + name, choice);
  } catch {
    // The choice holds until the page is left.
  }
}

/** `mouse`: the wheel zooms. `trackpad`: it pans, and zooms with Mod or a pinch. */
export type WheelMode = 'mouse' | 'trackpad';

const STORE = 'meander.board';
const MOST_RECENT = 6;

interface Kept {
  readonly wheel: WheelMode | null;
  readonly singleKeys: boolean;
  readonly minimap: boolean;
  readonly cursors: boolean;
  readonly recent: readonly string[];
}

const AT_FIRST: Kept = { wheel: null, singleKeys: true, minimap: false, cursors: true, recent: [] };

/** What is in storage, as far as it can be read. */
function read(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return AT_FIRST;
    const { wheel, singleKeys, minimap, cursors, recent } = kept as Record<string, unknown>;
    return {
      wheel: wheel === 'mouse' || wheel === 'trackpad' ? wheel : null,
      singleKeys: singleKeys !== false,
      minimap: minimap === true,
      cursors: cursors !== false,
      recent: Array.isArray(recent)
        ? recent.filter((id): id is string => typeof id === 'string').slice(0, MOST_RECENT)
        : []
    };
  } catch {
    return AT_FIRST; // storage that is blocked or holds something else: the board starts as designed
  }
}

/** How a person likes the board to behave, kept on this device. */
class Preferences {
  #kept: Kept = $state.raw(read());

  /** What the wheel does; null until it was guessed or chosen. */
  get wheel(): WheelMode | null {
    return this.#kept.wheel;
  }
  set wheel(wheel: WheelMode | null) {
    this.#keep({ wheel });
  }

  /** Whether a letter, digit or sign alone is a shortcut (WCAG 2.1.4). */
  get singleKeys(): boolean {
    return this.#kept.singleKeys;
  }
  set singleKeys(singleKeys: boolean) {
    this.#keep({ singleKeys });
  }

  get minimap(): boolean {
    return this.#kept.minimap;
  }
  set minimap(minimap: boolean) {
    this.#keep({ minimap });
  }

  /** Whether the cursors of others are shown. */
  get cursors(): boolean {
    return this.#kept.cursors;
  }
  set cursors(cursors: boolean) {
    this.#keep({ cursors });
  }

  /** Ids of the commands last run from the palette, the latest first. */
  get recent(): readonly string[] {
    return this.#kept.recent;
  }

  used(command: string): void {
    const recent = [command, ...this.recent.filter((id) => id !== command)].slice(0, MOST_RECENT);
    this.#keep({ recent });
  }

  /** Reads the storage again, as a new page would. */
  reload(): void {
    this.#kept = read();
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    try {
      localStorage.setItem(STORE, JSON.stringify(this.#kept));
    } catch {
      // It holds for this visit.
    }
  }
}

export const preferences = new Preferences();

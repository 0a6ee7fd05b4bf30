import { changes } from '#lib/board/save-words.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { OTHER_ACCOUNT, type SaveState } from '#lib/protocol/save-state.ts';

/** What a person is told, and may do, when nothing more reaches the server from this page. */
export interface WayOn {
  readonly title: string;
  readonly text: string;
  /** Edits that are only here; they can be taken away as a file. */
  readonly changes: number;
  /** What "try again" does; null where trying again could not help. */
  readonly again: 'connect' | 'reload' | null;
  /** The copy on this device may be dropped for the server's. */
  readonly startOver: boolean;
}

const KEPT = 'What the server had confirmed as saved is kept.';

const LEFT: Omit<WayOn, 'changes'> = {
  title: 'You are no longer on this map',
  text: `The link you came by was ended, or the map was moved to the trash. ${KEPT} Whoever owns the map can let you in again.`,
  again: 'reload',
  startOver: false
};

const CLOSED: Readonly<Record<number, Omit<WayOn, 'changes'>>> = {
  [CLOSE.login]: LEFT,
  [CLOSE.forbidden]: LEFT,
  [CLOSE.gone]: LEFT,
  [CLOSE.epoch]: {
    title: 'The map was set back',
    text: 'The map on the server was replaced by another version while this page was open. What you see here belongs to the one before.',
    again: null,
    startOver: true
  },
  [CLOSE.reload]: {
    title: 'This page is older than the server',
    text: `The server was updated since you opened this page. ${KEPT} Reload the page to go on.`,
    again: 'reload',
    startOver: false
  },
  [CLOSE.quota]: {
    title: 'Too many maps are open',
    text: `The server holds only so many maps open for one person. ${KEPT} Close other tabs with maps, then try again.`,
    again: 'connect',
    startOver: false
  },
  [OTHER_ACCOUNT]: {
    title: 'You are logged in as somebody else',
    text: `This browser has logged in to another account since you opened this page. ${KEPT} Reload the page to go on as that person.`,
    again: 'reload',
    startOver: false
  }
};

const NOT_TAKEN: Omit<WayOn, 'changes'> = {
  title: 'The server does not take what this page sends',
  text: `${KEPT} Try again. If that does not help, start over from the server’s copy of the map.`,
  again: 'connect',
  startOver: true
};

const REFUSED: Omit<WayOn, 'changes'> = {
  title: 'Your last changes are not on the map',
  text: 'You can only view this map now, so the server did not take over what you changed last. Nobody else sees it. Start over to see the map as it is.',
  again: null,
  startOver: true
};

/** Null while there is nothing to decide. */
export function wayOn(save: SaveState): WayOn | null {
  if (save.kind === 'refused') return { ...REFUSED, changes: save.changes };
  if (save.kind !== 'closed') return null;
  return { ...(CLOSED[save.code] ?? NOT_TAKEN), changes: save.changes };
}

/** What is only on this device, in one sentence; empty when nothing is. */
export const onlyHere = (count: number): string =>
  count === 0
    ? ''
    : `${changes(count)} ${count === 1 ? 'is' : 'are'} only on this device. Download a copy to keep ${count === 1 ? 'it' : 'them'}.`;

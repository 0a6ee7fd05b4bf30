import type { SaveState } from '#lib/protocol/save-state.ts';

/** "3 changes" */
export const changes = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

/** The save state in words. */
export function saveWords(save: SaveState): string {
  switch (save.kind) {
    case 'saved':
      return 'Saved on the server';
    case 'saving':
      return 'Saving…';
    case 'offline':
      return save.changes === 0
        ? 'Offline: nothing is unsaved'
        : `Offline: ${changes(save.changes)} only on this device`;
    case 'failing':
      return save.changes === 0
        ? 'Not saving: the server can’t write'
        : `Not saving: the server can’t write. ${changes(save.changes)} only on this device`;
    case 'unread':
      return `This browser can’t read ${changes(save.changes)} made earlier on this device`;
    case 'viewOnly':
      return 'View only';
    case 'suggesting':
      return 'Suggesting: not on the map yet';
    case 'refused':
      return `Not on the map: ${changes(save.changes)} only on this device`;
    case 'closed':
      return save.changes === 0
        ? 'Disconnected'
        : `Disconnected: ${changes(save.changes)} only on this device`;
  }
}

/** How loudly the words are said. */
export function saveTone({ kind }: SaveState): 'calm' | 'caution' | 'alarm' {
  switch (kind) {
    case 'failing':
    case 'refused':
    case 'closed':
      return 'alarm';
    case 'offline':
    case 'unread':
    case 'suggesting':
      return 'caution';
    case 'saved':
    case 'saving':
    case 'viewOnly':
      return 'calm';
  }
}

/**
 * What a screen reader says of the save states that it is told one after the other: trouble when it begins, and that
 * all is saved when the trouble is over. Each pause in typing ends in "saved" and says nothing.
 */
export function saveAnnouncer(): (save: SaveState) => string {
  let trouble: SaveState['kind'] | null = null;
  let said = '';
  return (save) => {
    const { kind } = save;
    if (saveTone(save) !== 'calm' && kind !== trouble) {
      trouble = kind;
      said = saveWords(save);
    } else if (kind === 'saved' && trouble !== null) {
      trouble = null;
      said = saveWords(save);
    }
    return said;
  };
}

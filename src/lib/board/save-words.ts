import type { SaveState } from '#lib/protocol/save-state.ts';

const changes = (count: number) => `${count} ${count === 1 ? 'change' : 'changes'}`;

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
    case 'viewOnly':
      return 'View only';
    case 'closed':
      return save.reason === '' ? 'Disconnected' : `Disconnected: ${save.reason}`;
  }
}

/** How loudly the words are said. */
export const saveTone = (save: SaveState): 'calm' | 'caution' | 'alarm' => {
  if (save.kind === 'failing' || save.kind === 'closed') return 'alarm';
  return save.kind === 'offline' ? 'caution' : 'calm';
};

import { preferences } from '../preferences.svelte.ts';
import { withSelection, type Command } from './command.ts';

/** Working together on one board. */
export const PEOPLE_COMMANDS: readonly Command[] = [
  {
    id: 'cursor-chat',
    label: 'Say something at the cursor',
    group: 'People',
    keys: ['/', 'Shift+C'],
    words: 'chat talk bubble',
    run: ({ company }) => company.openChat()
  },
  {
    id: 'bring-everyone',
    label: 'Bring everyone here',
    group: 'People',
    keys: [],
    words: 'follow me call spotlight present',
    enabled: ({ others }) => others.size > 0,
    run: ({ company }) => company.callEveryone()
  },
  {
    id: 'stop-following',
    label: 'Stop following',
    group: 'People',
    keys: [],
    words: 'own view',
    enabled: ({ company }) => company.following !== null,
    run: ({ company }) => company.unfollow()
  },
  {
    id: 'who-wrote',
    label: 'Who wrote this, and when',
    group: 'People',
    keys: [],
    words: 'author by whom history',
    enabled: (session) => session.authors !== null && withSelection(session),
    run: (session) => void import('../who-wrote.ts').then(({ sayWhoWrote }) => sayWhoWrote(session))
  },
  {
    id: 'cursors',
    label: 'Show the cursors of others',
    group: 'People',
    keys: [],
    words: 'hide pointers',
    checked: () => preferences.cursors,
    run(session) {
      preferences.cursors = !preferences.cursors;
      session.showCompanions();
    }
  }
];

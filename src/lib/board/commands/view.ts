import { chooseTheme, currentTheme, type Theme } from '#lib/ui/theme.ts';
import { describeSelection } from '../describe.ts';
import { preferences, type WheelMode } from '../preferences.svelte.ts';
import { withSelection, type Command } from './command.ts';

const wheel = (mode: WheelMode, label: string): Command => ({
  id: `wheel-${mode}`,
  label,
  group: 'View',
  keys: [],
  words: 'scroll mouse trackpad two fingers',
  checked: () => preferences.wheel === mode,
  run: () => (preferences.wheel = mode)
});

const theme = (choice: Theme, label: string): Command => ({
  id: `theme-${choice}`,
  label,
  group: 'View',
  keys: [],
  words: 'appearance colours dark light night',
  checked: () => currentTheme() === choice,
  run: () => chooseTheme(choice)
});

/** What is seen of the map, and how. */
export const VIEW_COMMANDS: readonly Command[] = [
  {
    id: 'zoom-in',
    label: 'Zoom in',
    group: 'View',
    keys: ['Mod+=', 'Mod++'],
    run: ({ editor }) => editor.zoomStep(1)
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    group: 'View',
    keys: ['Mod+-'],
    run: ({ editor }) => editor.zoomStep(-1)
  },
  {
    id: 'zoom-100',
    label: 'Zoom to 100%',
    group: 'View',
    keys: ['Mod+0'],
    run: ({ editor }) => editor.zoomTo100()
  },
  {
    id: 'fit-all',
    label: 'Fit the whole map',
    group: 'View',
    keys: ['Shift+1', 'Alt+1'],
    words: 'zoom',
    run: ({ editor }) => editor.fitAll()
  },
  {
    id: 'fit-selection',
    label: 'Fit the selection',
    group: 'View',
    keys: ['Shift+2', 'Alt+2'],
    words: 'zoom',
    enabled: withSelection,
    run: ({ editor }) => editor.fitSelection()
  },
  {
    id: 'focus-mode',
    label: 'Focus mode: only the map',
    group: 'View',
    keys: ['Mod+.'],
    words: 'zen full screen hide panels',
    checked: ({ ui }) => ui.zen,
    everywhere: true,
    run({ ui }) {
      ui.zen = !ui.zen;
    }
  },
  {
    id: 'next-region',
    label: 'Go to the next part of the page',
    group: 'View',
    keys: ['F6'],
    keyOnly: true,
    everywhere: true,
    run: ({ ui }) => ui.goToRegion(1)
  },
  {
    id: 'previous-region',
    label: 'Go to the part of the page before',
    group: 'View',
    keys: ['Shift+F6'],
    keyOnly: true,
    everywhere: true,
    run: ({ ui }) => ui.goToRegion(-1)
  },
  {
    id: 'speak-selection',
    label: 'Say what is selected',
    group: 'View',
    keys: ['Alt+R'],
    words: 'screen reader speak again announce',
    everywhere: true,
    run: (session) => session.ui.speak(describeSelection(session))
  },
  {
    id: 'palette',
    label: 'Find a command',
    group: 'View',
    keys: ['Mod+K', 'Mod+Shift+P'],
    keyOnly: true,
    everywhere: true,
    run: ({ ui }) => ui.open('palette')
  },
  {
    id: 'shortcuts',
    label: 'All shortcuts',
    group: 'View',
    keys: ['?'],
    words: 'keys help keyboard',
    run: ({ ui }) => ui.open('shortcuts')
  },
  wheel('mouse', 'The wheel zooms (mouse)'),
  wheel('trackpad', 'The wheel and two fingers pan (trackpad)'),
  theme('system', 'Theme like this device'),
  theme('light', 'Light theme'),
  theme('dark', 'Dark theme'),
  {
    id: 'single-keys',
    label: 'Shortcuts of a single letter, digit or sign',
    group: 'View',
    keys: [],
    words: 'keyboard accessibility speech',
    checked: () => preferences.singleKeys,
    run() {
      preferences.singleKeys = !preferences.singleKeys;
    }
  }
];

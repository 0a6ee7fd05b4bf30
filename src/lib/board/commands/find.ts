import { selectSimilar, toggleFold, type Likeness } from '#lib/canvas/editor/edits.ts';
import { NOTHING_FOLDED } from '#lib/journey/views.ts';
import { preferences } from '../preferences.svelte.ts';
import type { Command } from './command.ts';

const similar = (by: Likeness, label: string): Command => ({
  id: `select-similar-${by}`,
  label,
  group: 'Find',
  keys: [],
  words: 'same alike',
  enabled: ({ selection }) => selection.kind === 'cards',
  run: ({ editor }) => selectSimilar(editor, by)
});

/** Finding the way on a large map. */
export const FIND_COMMANDS: readonly Command[] = [
  {
    id: 'find',
    label: 'Find on the map, filter its cards',
    group: 'Find',
    keys: ['Mod+F'],
    words: 'search look for tag owner colour lane confidence',
    everywhere: true,
    run: ({ ui }) => ui.find()
  },
  {
    id: 'find-next',
    label: 'Next match',
    group: 'Find',
    keys: ['F3'],
    keyOnly: true,
    everywhere: true,
    enabled: ({ finding }) => finding.count > 0,
    run: ({ finding }) => finding.go(1)
  },
  {
    id: 'find-previous',
    label: 'Previous match',
    group: 'Find',
    keys: ['Shift+F3'],
    keyOnly: true,
    everywhere: true,
    enabled: ({ finding }) => finding.count > 0,
    run: ({ finding }) => finding.go(-1)
  },
  similar('lane', 'Select all cards in lanes of this kind'),
  similar('color', 'Select all cards of this colour'),
  similar('tag', 'Select all cards with this tag'),
  {
    id: 'fold',
    label: 'Fold the stage or lane, or open it again',
    group: 'Find',
    keys: [],
    words: 'collapse hide expand',
    enabled: ({ selection, editor }) =>
      selection.kind === 'stage' || selection.kind === 'lane' || editor.focusCell !== null,
    run: ({ editor }) => toggleFold(editor)
  },
  {
    id: 'unfold-all',
    label: 'Unfold everything',
    group: 'Find',
    keys: [],
    words: 'expand open show',
    enabled: ({ look }) => look.folded.size > 0,
    run({ editor }) {
      editor.look = { ...editor.look, folded: NOTHING_FOLDED };
    }
  },
  {
    id: 'views',
    label: 'Saved views',
    group: 'Find',
    keys: ['Shift+V'],
    words: 'bookmark save camera filter link rename remove',
    run: ({ ui }) => ui.open('views')
  },
  {
    id: 'minimap',
    label: 'Minimap',
    group: 'Find',
    keys: ['M'],
    words: 'overview navigator',
    checked: () => preferences.minimap,
    run() {
      preferences.minimap = !preferences.minimap;
    }
  }
];

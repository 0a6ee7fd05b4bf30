import { describe, expect, it } from 'vitest';
import { isSingleKey, matches, type KeyWord } from '../keys.ts';
import { COMMANDS, commandById } from './registry.ts';

/*
 * The Keys table of the interaction page, row by row: the command with its chords, or why it has none yet. A row that
 * gets its feature gets its id here.
 */
type Row =
  readonly [action: string, id: string, ...keys: string[]] | readonly [action: string, { notYet: string }];

const ROWS: readonly Row[] = [
  ['Select', 'select', 'V'],
  ['Hand', 'hand', 'H'],
  ['Pan while held', { notYet: 'Space is held, not pressed: key-input.ts and the gestures test' }],
  ['Sticky note', 'tool-sticky', 'N', 'S'],
  ['Text', 'tool-text', 'T'],
  ['Rectangle', 'tool-rectangle', 'R'],
  ['Ellipse', 'tool-ellipse', 'O'],
  ['Line', 'tool-line', 'L'],
  ['Connector', 'tool-connector', 'A', 'X'],
  ['Pen', 'tool-pen', 'P'],
  ['Highlighter', 'tool-highlighter', 'Shift+D'],
  ['Eraser', 'tool-eraser', 'E'],
  ['Frame', 'tool-frame', 'F'],
  ['Laser', 'tool-laser', 'K'],
  ['Comment', 'comment', 'C', 'Mod+Shift+M'],
  ['Comment: next new', 'next-comment', 'F4'],
  ['Comment: previous new', 'previous-comment', 'Shift+F4'],
  ['Stamp', 'tool-stamp', 'Shift+E'],
  ['Cursor chat', 'cursor-chat', '/', 'Shift+C'],
  ['Image', 'insert-picture', 'Mod+U'],
  ['Keep tool active', 'keep-tool', 'Q'],
  ['Undo', 'undo', 'Mod+Z'],
  ['Redo', 'redo', 'Mod+Shift+Z', 'Ctrl+Y'],
  ['Copy', 'copy', 'Mod+C'],
  ['Cut', 'cut', 'Mod+X'],
  ['Paste', 'paste', 'Mod+V'],
  ['Paste plain', 'paste-plain', 'Mod+Shift+V'],
  ['Duplicate', 'duplicate', 'Mod+D'],
  ['Select all', 'select-all', 'Mod+A'],
  ['Delete', 'remove', 'Delete', 'Backspace'],
  ['Group', 'group', 'Mod+G'],
  ['Ungroup', 'ungroup', 'Mod+Shift+G'],
  ['Lock', 'lock', 'Mod+Shift+L'],
  ['Forward', 'order-forward', 'Mod+]'],
  ['Backward', 'order-backward', 'Mod+['],
  ['Front', 'order-front', 'Mod+Shift+]'],
  ['Back', 'order-back', 'Mod+Shift+['],
  ['Align left', 'align-left', 'Alt+A'],
  ['Align centre', 'align-centre', 'Alt+H'],
  ['Align right', 'align-right', 'Alt+D'],
  ['Align top', 'align-top', 'Alt+W'],
  ['Align middle', 'align-middle', 'Alt+V'],
  ['Align bottom', 'align-bottom', 'Alt+S'],
  ['Distribute across', 'distribute-across', 'Alt+Shift+H'],
  ['Distribute down', 'distribute-down', 'Alt+Shift+V'],
  ['Flip', { notYet: 'nothing here looks different when it is flipped' }],
  ['Nudge', 'nudge-to-the-left-1', 'ArrowLeft'],
  ['Big nudge', 'nudge-to-the-left-10', 'Shift+ArrowLeft'],
  ['Zoom in', 'zoom-in', 'Mod+=', 'Mod++'],
  ['Zoom out', 'zoom-out', 'Mod+-'],
  ['100 %', 'zoom-100', 'Mod+0'],
  ['Fit all', 'fit-all', 'Shift+1', 'Alt+1'],
  ['Fit selection', 'fit-selection', 'Shift+2', 'Alt+2'],
  ['Grid', 'grid', "Mod+'"],
  ['Minimap', 'minimap', 'M'],
  ['Saved views', 'views', 'Shift+V'],
  ['Find on board', 'find', 'Mod+F'],
  ['Find: next', 'find-next', 'F3'],
  ['Find: previous', 'find-previous', 'Shift+F3'],
  ['Command palette', 'palette', 'Mod+K', 'Mod+Shift+P'],
  ['Focus / zen', 'focus-mode', 'Mod+.'],
  ['Dark theme: menu', 'theme-dark'],
  ['Print / export', { notYet: 'exports are a later issue' }],
  ['Edit text', 'edit-text', 'Enter', 'F2'],
  ['Finish text', { notYet: 'the text field’s own keys: text-overlay' }],
  ['Next object', 'next-cell', 'Tab'],
  ['Speak selection again', 'speak-selection', 'Alt+R'],
  ['Regions by keyboard', 'next-region', 'F6'],
  ['Shortcut list', 'shortcuts', '?'],
  ['Grid: arrows', 'focus-to the right', 'ArrowRight'],
  ['Grid: Shift+arrows', 'extend-below', 'Shift+ArrowDown'],
  ['Grid: Shift+Tab', 'previous-cell', 'Shift+Tab'],
  ['Grid: Alt+arrows', 'move-card-below', 'Alt+ArrowDown'],
  ['Grid: Mod+Alt+arrows insert', 'add-stage', 'Mod+Alt+ArrowRight'],
  ['Grid: Mod+Alt+arrows insert', 'add-stage-before', 'Mod+Alt+ArrowLeft'],
  ['Grid: Mod+Alt+arrows insert', 'add-lane', 'Mod+Alt+ArrowDown'],
  ['Grid: Mod+Alt+arrows insert', 'add-lane-before', 'Mod+Alt+ArrowUp'],
  ['Grid: 1 to 5', 'feeling-1', '1'],
  ['Grid: 1 to 5', 'feeling-5', '5'],
  ['Grid: Home, End', 'jump-laneStart', 'Home', 'Mod+ArrowLeft'],
  ['Grid: Home, End', 'jump-laneEnd', 'End', 'Mod+ArrowRight'],
  ['Grid: Page up, Page down', 'jump-pageUp', 'PageUp'],
  ['Grid: Page up, Page down', 'jump-pageDown', 'PageDown'],
  ['Grid: comment on the cell', 'comment', 'C', 'Mod+Shift+M']
];

const word = (chord: string, key: string): KeyWord => ({
  key,
  code: '',
  ctrlKey: /Mod|Ctrl/.test(chord),
  metaKey: false,
  altKey: chord.includes('Alt+'),
  shiftKey: chord.includes('Shift+')
});

describe('the table of keys', () => {
  for (const [action, id, ...keys] of ROWS) {
    if (typeof id !== 'string') continue;
    it(`${action}: ${keys.join(', ')}`, () => {
      expect(commandById(id).keys).toEqual(keys);
    });
  }

  it('no chord means two commands that can both run', () => {
    // Which of these runs is decided by what is selected (a card, a cell, a stage or lane, an object) or by the tool.
    const byPlace =
      /^(move-|focus-|extend-|grow-head|shrink-head|feeling-|nudge-|(next|previous|place)-object)/;
    const seen = new Map<string, string>();
    for (const { id, keys } of COMMANDS.filter((command) => !byPlace.test(command.id)))
      for (const chord of keys) {
        expect(seen.get(chord), `${chord} of ${id}`).toBeUndefined();
        seen.set(chord, id);
      }
  });

  it('nothing is bound only to / or \\, which many keyboards lack', () => {
    const lone = COMMANDS.filter(
      ({ keys }) => keys.length > 0 && keys.every((chord) => /(^|\+)[/\\]$/.test(chord))
    );
    expect(lone).toEqual([]);
  });

  it('single keys are known as such, and only those', () => {
    for (const chord of ['V', '1', '?', 'Shift+1', ']']) expect(isSingleKey(chord)).toBe(true);
    for (const chord of ['Mod+K', 'Alt+1', 'Enter', 'F6', 'Shift+ArrowUp', 'Ctrl+Y'])
      expect(isSingleKey(chord)).toBe(false);
  });

  it('letters go by what the key produces: on another layout as on this', () => {
    const z = { ...word('Mod+', 'z'), code: 'KeyY' };
    expect(matches(z, 'Mod+Z', false)).toBe(true);
    expect(matches({ ...z, key: 'y', code: 'KeyZ' }, 'Mod+Z', false)).toBe(false);
  });
});

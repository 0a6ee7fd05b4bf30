import {
  align,
  connectSelected,
  distribute,
  groupSelected,
  nudge,
  placeInMiddle,
  reorder,
  selectNextObject,
  toggleLock,
  ungroupSelected,
  type Alignment,
  type OrderMove
} from '#lib/canvas/editor/object-edits.ts';
import { isBoxTool, isSafeTool, type ToolId } from '#lib/canvas/editor/tools/tool-ids.ts';
import { newId } from '#lib/document/new-id.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { choosePictures } from '../pictures/bring.ts';
import { canEdit, withObjects, type Command } from './command.ts';

const tool = (id: ToolId, label: string, keys: readonly string[], words = ''): Command => ({
  id: `tool-${id}`,
  label,
  group: 'Tools',
  keys,
  words,
  enabled: (session) => isSafeTool(id) || session.canEdit,
  checked: (session) => session.tool === id,
  run(session) {
    // Two things chosen and the connector's key: they are connected, without a pointer.
    if (id === 'connector' && connectSelected(session.editor)) return;
    session.editor.tool = id;
  }
});

const severalObjects = (session: BoardSession): boolean =>
  withObjects(session) && session.selection.kind === 'objects' && session.selection.ids.length > 1;

const alignment = (how: Alignment, label: string, key: string): Command => ({
  id: `align-${how}`,
  label,
  group: 'Objects',
  keys: [`Alt+${key}`],
  enabled: severalObjects,
  run: ({ editor }) => align(editor, how)
});

const order = (how: OrderMove, label: string, key: string): Command => ({
  id: `order-${how}`,
  label,
  group: 'Objects',
  keys: [key],
  words: 'layer z',
  enabled: withObjects,
  run: ({ editor }) => reorder(editor, how)
});

const arrow = (key: string, dx: number, dy: number, where: string): Command[] =>
  (
    [
      ['', 1, `Move the object ${where}`],
      ['Shift+', 10, `Move the object further ${where}`]
    ] as const
  ).map(([modifier, by, label]) => ({
    id: `nudge-${where.replaceAll(' ', '-')}-${by}`,
    label,
    group: 'Objects',
    keys: [`${modifier}${key}`],
    keyOnly: true,
    enabled: withObjects,
    run: ({ editor }) => nudge(editor, dx * by, dy * by)
  }));

/** Free objects: the tools that make them and what is done with them. */
export const OBJECT_COMMANDS: readonly Command[] = [
  tool('sticky', 'Sticky note', ['N', 'S'], 'post-it'),
  tool('text', 'Text', ['T']),
  tool('rectangle', 'Rectangle', ['R'], 'box shape'),
  tool('ellipse', 'Ellipse', ['O'], 'circle oval shape'),
  tool('line', 'Line', ['L']),
  tool('connector', 'Connector', ['A', 'X'], 'arrow'),
  tool('pen', 'Pen', ['P'], 'draw'),
  tool('highlighter', 'Highlighter', ['Shift+D'], 'marker'),
  tool('eraser', 'Eraser', ['E'], 'rubber'),
  tool('frame', 'Frame', ['F'], 'section area'),
  tool('stamp', 'Stamp', ['Shift+E'], 'emoji reaction'),
  tool('laser', 'Laser pointer', ['K']),
  {
    id: 'insert-picture',
    label: 'Add a picture',
    group: 'Tools',
    keys: ['Mod+U'],
    words: 'image photo upload insert screenshot',
    enabled: (session) => session.canEdit && session.uploads !== null,
    run: choosePictures
  },
  {
    id: 'keep-tool',
    label: 'Keep the tool in hand',
    group: 'Tools',
    keys: ['Q'],
    words: 'lock tool',
    enabled: canEdit,
    checked: ({ toolLocked }) => toolLocked,
    run: ({ editor }) => (editor.toolLocked = !editor.toolLocked)
  },
  {
    id: 'place-object',
    label: 'Place what the tool makes into the middle of the view',
    group: 'Objects',
    keys: ['Enter'],
    keyOnly: true,
    enabled: (session) => session.canEdit && isBoxTool(session.tool),
    run: ({ editor }) => placeInMiddle(editor)
  },
  {
    id: 'connect',
    label: 'Connect the two selected',
    group: 'Objects',
    keys: [],
    words: 'arrow line',
    enabled: (session) =>
      session.canEdit && (session.selection.kind === 'objects' || session.selection.kind === 'cards'),
    run: ({ editor }) => connectSelected(editor)
  },
  ...arrow('ArrowLeft', -1, 0, 'to the left'),
  ...arrow('ArrowRight', 1, 0, 'to the right'),
  ...arrow('ArrowUp', 0, -1, 'up'),
  ...arrow('ArrowDown', 0, 1, 'down'),
  {
    id: 'next-object',
    label: 'Next object',
    group: 'Objects',
    keys: ['Tab'],
    keyOnly: true,
    enabled: ({ selection }) => selection.kind === 'objects',
    run: ({ editor }) => selectNextObject(editor, 1)
  },
  {
    id: 'previous-object',
    label: 'Previous object',
    group: 'Objects',
    keys: ['Shift+Tab'],
    keyOnly: true,
    enabled: ({ selection }) => selection.kind === 'objects',
    run: ({ editor }) => selectNextObject(editor, -1)
  },
  {
    id: 'go-to-objects',
    label: 'Go to the first free object',
    group: 'Objects',
    keys: [],
    words: 'note shape',
    enabled: ({ journey }) => journey.objects.length > 0,
    run({ editor }) {
      editor.select({ kind: 'none' });
      return selectNextObject(editor, 1);
    }
  },
  {
    id: 'group',
    label: 'Group',
    group: 'Objects',
    keys: ['Mod+G'],
    enabled: severalObjects,
    run: ({ editor }) => groupSelected(editor, newId)
  },
  {
    id: 'ungroup',
    label: 'Ungroup',
    group: 'Objects',
    keys: ['Mod+Shift+G'],
    enabled: withObjects,
    run: ({ editor }) => ungroupSelected(editor)
  },
  {
    id: 'lock',
    label: 'Lock or unlock',
    group: 'Objects',
    keys: ['Mod+Shift+L'],
    enabled: withObjects,
    run: ({ editor }) => toggleLock(editor)
  },
  order('forward', 'Bring forward', 'Mod+]'),
  order('backward', 'Send backward', 'Mod+['),
  order('front', 'Bring to front', 'Mod+Shift+]'),
  order('back', 'Send to back', 'Mod+Shift+['),
  alignment('left', 'Align left', 'A'),
  alignment('centre', 'Align centres across', 'H'),
  alignment('right', 'Align right', 'D'),
  alignment('top', 'Align top', 'W'),
  alignment('middle', 'Align middles down', 'V'),
  alignment('bottom', 'Align bottom', 'S'),
  {
    id: 'distribute-across',
    label: 'Distribute across',
    group: 'Objects',
    keys: ['Alt+Shift+H'],
    enabled: severalObjects,
    run: ({ editor }) => distribute(editor, 'x')
  },
  {
    id: 'distribute-down',
    label: 'Distribute down',
    group: 'Objects',
    keys: ['Alt+Shift+V'],
    enabled: severalObjects,
    run: ({ editor }) => distribute(editor, 'y')
  },
  {
    id: 'grid',
    label: 'Grid of dots to snap to',
    group: 'View',
    keys: ["Mod+'"],
    checked: ({ gridShown }) => gridShown,
    run: ({ editor }) => (editor.gridShown = !editor.gridShown)
  }
];

/** The menu of the selected objects. */
export const OBJECT_MENU: readonly string[] = [
  'edit-text',
  'copy',
  'cut',
  'paste',
  'duplicate',
  'group',
  'ungroup',
  'lock',
  'order-front',
  'order-back',
  'connect',
  'who-wrote',
  'remove'
];

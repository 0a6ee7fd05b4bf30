/** One gesture: its name in tests, and what the shortcut sheet says of it. */
export interface BoardGesture {
  readonly name: string;
  readonly label: string;
  readonly keys: string;
}

/**
 * Every gesture of the board, as the pointer, the fingers, the pen and the wheel carry them out. Each has a test that
 * bears its name: `tests/gestures.test.ts` looks for them.
 */
export const GESTURES: readonly BoardGesture[] = [
  { name: 'Wheel', label: 'Move the board, or zoom it', keys: 'Wheel: chosen above' },
  { name: 'Zoom anchor', label: 'Zoom at the pointer', keys: 'Ctrl or Cmd + wheel, pinch' },
  { name: 'Pan while held', label: 'Move the board', keys: 'Space + drag, middle button + drag' },
  { name: 'Drag on an empty area', label: 'Select what the frame touches', keys: 'Drag beside the cards' },
  { name: 'Shift+click', label: 'Take in, or leave out', keys: 'Shift + click' },
  { name: 'Mod+click', label: 'Reach inside a group', keys: 'Ctrl or Cmd + click' },
  { name: 'Shift while dragging', label: 'Keep to one axis', keys: 'Shift + drag' },
  { name: 'Shift while resizing', label: 'Keep the shape', keys: 'Shift + handle' },
  { name: 'Alt while resizing', label: 'Grow from the middle', keys: 'Alt + handle' },
  { name: 'Mod while dragging', label: 'Snap to nothing', keys: 'Ctrl or Cmd + drag' },
  { name: 'Alt+drag', label: 'Carry a copy', keys: 'Alt + drag' },
  { name: 'Double-click', label: 'Open a text, or begin a new one', keys: 'Double-click' },
  { name: 'Drag a tool', label: 'Put what it makes where it is dropped', keys: 'Drag from the tools' },
  { name: 'Edge of the view', label: 'Move the board while dragging', keys: 'Rest at the edge' },
  { name: 'Just type', label: 'Start a card in the selected cell', keys: 'Just type' },
  { name: 'One finger', label: 'Draw, carry, or move the board', keys: 'One finger' },
  { name: 'Two fingers', label: 'Move and zoom the board', keys: 'Two fingers' },
  { name: 'Two-finger tap', label: 'Undo', keys: 'Tap with two fingers' },
  { name: 'Long press', label: 'Menu of what lies there', keys: 'Long press, right-click' },
  { name: 'Pen', label: 'Draw with the pen, move with the finger', keys: 'Pen' },
  { name: 'Palm', label: 'A resting hand does nothing', keys: 'Beside the pen' },
  { name: 'After creating', label: 'The tool goes back to Select', keys: 'Q keeps it in hand' }
];

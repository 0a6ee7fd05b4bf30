/** Gestures for the shortcut sheet; the pointer, the fingers and the wheel carry them out. */
export const GESTURES: readonly { readonly label: string; readonly keys: string }[] = [
  { label: 'Start a card in the selected cell', keys: 'Just type' },
  { label: 'Move the board', keys: 'Space + drag, middle button + drag, wheel or two fingers' },
  { label: 'Zoom at the pointer', keys: 'Ctrl or Cmd + wheel, pinch' },
  { label: 'Select several cards', keys: 'Drag around them, Shift + click' },
  { label: 'Open a text or a name', keys: 'Double-click' },
  { label: 'Menu of a stage, lane or card', keys: 'Right-click, long press' }
];

import type { BoardSession } from '../board-session.svelte.ts';

export type CommandGroup = 'Tools' | 'Objects' | 'On the grid' | 'Edit' | 'Find' | 'View' | 'People';

export const COMMAND_GROUPS: readonly CommandGroup[] = [
  'Tools',
  'Objects',
  'On the grid',
  'Edit',
  'Find',
  'View',
  'People'
];

/**
 * One thing that a key, a button or a menu can do. The shortcut sheet, the palette, the menus and the tooltips are made
 * from these, so that they can't disagree.
 */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: CommandGroup;
  /** Chords, the first of which is shown in tooltips; none where only the palette and menus offer it. */
  readonly keys: readonly string[];
  /** False lets the key go on to whoever else wants it. */
  readonly run: (session: BoardSession) => unknown;
  /** Whether it can be done now; the palette hides what can't. */
  readonly enabled?: (session: BoardSession) => boolean;
  /** Whether it is in force now, for what is switched on and off. */
  readonly checked?: (session: BoardSession) => boolean;
  /** Other words by which people look for it. */
  readonly words?: string;
  /** Its key must reach the browser, whose own event (copy, cut, paste) does the work. */
  readonly browserDoesIt?: true;
  /** Its key works from the whole page, also from a text field. */
  readonly everywhere?: true;
  /** Only worth a key: the palette leaves it out. */
  readonly keyOnly?: true;
}

export const canEdit = (session: BoardSession): boolean => session.canEdit;

export const withCards = (session: BoardSession): boolean =>
  session.canEdit && session.selection.kind === 'cards';

export const withObjects = (session: BoardSession): boolean =>
  session.canEdit && session.selection.kind === 'objects';

export const withHead = (session: BoardSession): boolean =>
  session.canEdit && (session.selection.kind === 'stage' || session.selection.kind === 'lane');

export const withSelection = ({ selection }: BoardSession): boolean => selection.kind !== 'none';

export const withCell = ({ editor }: BoardSession): boolean => editor.focusCell !== null;

/** One picture is selected: its text is not on it but beside it. */
export const isPicture = ({ selection, journey }: BoardSession): boolean =>
  selection.kind === 'objects' &&
  selection.ids.length === 1 &&
  journey.objects.find(({ id }) => id === selection.ids[0])?.kind === 'image';

/** The cell in focus holds a feeling. */
export const onFeeling = (session: BoardSession): boolean => {
  const place = session.editor.focusCell;
  const lane = session.journey.lanes.find(({ id }) => id === place?.lane);
  return session.canEdit && lane?.kind === 'feelings';
};

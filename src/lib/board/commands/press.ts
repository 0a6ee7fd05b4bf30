import type { BoardSession } from '../board-session.svelte.ts';
import { isSingleKey, matches, type KeyWord } from '../keys.ts';
import { preferences } from '../preferences.svelte.ts';
import { onFeeling } from './command.ts';
import { COMMANDS, runCommand } from './registry.ts';

/** What a key does wherever the focus is, also in a text field or a panel; false when nothing. */
export const pressAnywhere = (event: KeyWord, session: BoardSession, mac: boolean): boolean =>
  COMMANDS.some(
    (command) =>
      command.everywhere === true &&
      command.keys.some((keys) => matches(event, keys, mac)) &&
      runCommand(command, session)
  );

/** A letter, digit or sign that would be written, without a key that makes it a command. */
const isTyped = ({ key, ctrlKey, metaKey, altKey }: KeyWord): boolean =>
  [...key].length === 1 && key !== ' ' && key !== '?' && !ctrlKey && !metaKey && !altKey;

/**
 * What a key pressed on the board does; false when nothing. In a selected cell a written letter starts a card, also
 * where it would choose a tool otherwise: a word must not lose its first letter.
 */
export function pressKey(event: KeyWord, session: BoardSession, mac: boolean): boolean {
  const { selection, editor } = session;
  const { singleKeys } = preferences;
  if (
    selection.kind === 'cell' &&
    session.canEdit &&
    isTyped(event) &&
    !(singleKeys && onFeeling(session) && /^[1-5]$/.test(event.key))
  ) {
    editor.draft(selection, event.key);
    return true;
  }
  return COMMANDS.some(
    (command) =>
      command.browserDoesIt !== true &&
      command.keys.some((keys) => (singleKeys || !isSingleKey(keys)) && matches(event, keys, mac)) &&
      runCommand(command, session)
  );
}

import type { BoardSession } from '../board-session.svelte.ts';
import { keysLabel } from '../keys.ts';
import type { Command } from './command.ts';
import { EDIT_COMMANDS } from './edit.ts';
import { FIND_COMMANDS } from './find.ts';
import { GRID_COMMANDS } from './grid.ts';
import { OBJECT_COMMANDS } from './objects.ts';
import { PEOPLE_COMMANDS } from './people.ts';
import { TOOL_COMMANDS } from './tools.ts';
import { VIEW_COMMANDS } from './view.ts';

/** Everything the board can do, in the order of the shortcut sheet. */
export const COMMANDS: readonly Command[] = [
  ...TOOL_COMMANDS,
  ...OBJECT_COMMANDS,
  ...GRID_COMMANDS,
  ...EDIT_COMMANDS,
  ...FIND_COMMANDS,
  ...VIEW_COMMANDS,
  ...PEOPLE_COMMANDS
];

const byId = new Map(COMMANDS.map((command) => [command.id, command]));

export const commandById = (id: string): Command => {
  const command = byId.get(id);
  if (command === undefined) throw new Error(`No command is called ${id}`);
  return command;
};

/** The first chord of a command as people write it; undefined without one. */
export const shortcutOf = (id: string, mac: boolean): string | undefined => {
  const [keys] = commandById(id).keys;
  return keys === undefined ? undefined : keysLabel(keys, mac);
};

export const isEnabled = (command: Command, session: BoardSession): boolean =>
  command.enabled?.(session) ?? true;

/** Runs a command when it may run now. False when it did nothing and the key is free for others. */
export function runCommand(command: Command, session: BoardSession): boolean {
  return isEnabled(command, session) && command.run(session) !== false;
}

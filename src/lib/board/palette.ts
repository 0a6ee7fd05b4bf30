import { computeCommandScore } from 'bits-ui';
import type { BoardSession } from './board-session.svelte.ts';
import { COMMAND_GROUPS, type Command } from './commands/command.ts';
import { COMMANDS, isEnabled } from './commands/registry.ts';
import { viewCommands } from './saved-views.ts';

export interface PaletteSection {
  readonly title: string;
  readonly commands: readonly Command[];
}

const LEAST = 0.02; // letters strewn over a label score less

/**
 * What the palette offers: while nothing is typed the last used first and then all by group, else what the typed
 * letters find, the best first. What can't be done now, and what is only worth a key, is left out.
 */
export function paletteSections(
  session: BoardSession,
  recent: readonly string[],
  typed: string
): readonly PaletteSection[] {
  const offered = [...COMMANDS, ...viewCommands(session)].filter(
    (command) => command.keyOnly !== true && isEnabled(command, session)
  );
  const query = typed.trim();
  if (query !== '') {
    const found = offered
      .map((command) => ({
        command,
        score: computeCommandScore(command.label, query, [command.words ?? '', command.group])
      }))
      .filter(({ score }) => score > LEAST)
      .sort((a, b) => b.score - a.score)
      .map(({ command }) => command);
    return found.length === 0 ? [] : [{ title: 'Commands', commands: found }];
  }
  const lately = recent.flatMap((id) => offered.filter((command) => command.id === id));
  return [
    { title: 'Last used', commands: lately },
    ...COMMAND_GROUPS.map((group) => ({
      title: group,
      commands: offered.filter((command) => command.group === group)
    }))
  ].filter(({ commands }) => commands.length > 0);
}

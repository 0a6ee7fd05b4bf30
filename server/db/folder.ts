import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from './problems.ts';

/**
 * Makes a folder and those above it that are missing. Throws an Error whose message is one sentence for the operator.
 * Step by step: Node's own recursive `mkdir` never ends where a file system, such as /proc, takes no folders.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let above = path; ; above = dirname(above)) {
    const found = statSync(above, { throwIfNoEntry: false });
    if (found?.isDirectory()) break;
    if (found)
      throw new Error(`${above} is a file, so the folder ${path} cannot be made; set DATA_DIR to a folder.`);
    missing.unshift(above);
  }
  for (const folder of missing)
    try {
      mkdirSync(folder);
    } catch (error) {
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue; // somebody else has just made it
      throw new Error(
        `The folder ${folder} cannot be made: ${reasonOf(error)}; set DATA_DIR to another one.`,
        {
          cause: error
        }
      );
    }
}

import type { MapFile } from './file-schema.ts';
import { knownTargets } from './object-file.ts';

/** What connectors of a file hold on to that is not there. */
export function* objectProblems(
  file: MapFile,
  at: (...keys: (string | number)[]) => string
): Generator<{ path: string; code: 'E_UNKNOWN_TARGET'; message: string }> {
  const objects = file.objects ?? [];
  const known = knownTargets({ ...file, objects });
  for (const [index, object] of objects.entries()) {
    if (object.kind !== 'connector') continue;
    for (const field of ['from', 'to'] as const) {
      const { target } = object[field];
      if (target === undefined || known(target)) continue;
      yield {
        path: at('objects', index, field, 'target'),
        code: 'E_UNKNOWN_TARGET',
        message: `There is no such ${target.on} on this map to connect.`
      };
    }
  }
}

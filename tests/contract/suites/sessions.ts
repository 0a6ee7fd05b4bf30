import { describe, it } from 'vitest';
import type { World } from '../world.ts';
export const sessionsSuite = (_world: () => World) => describe('sessions', () => { it.todo('x'); });

import { describe, it } from 'vitest';
import type { World } from '../world.ts';
export const accountsSuite = (_world: () => World) => describe('accounts', () => { it.todo('x'); });

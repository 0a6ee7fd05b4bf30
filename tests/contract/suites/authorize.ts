import { describe, it } from 'vitest';
import type { World } from '../world.ts';
export const authorizeSuite = (_world: () => World) => describe('authorize', () => { it.todo('x'); });

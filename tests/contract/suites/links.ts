import { describe, it } from 'vitest';
import type { World } from '../world.ts';
export const linksSuite = (_world: () => World) => describe('links', () => { it.todo('x'); });

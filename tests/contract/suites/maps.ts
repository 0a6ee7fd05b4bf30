import { describe, it } from 'vitest';
import type { World } from '../world.ts';
export const mapsSuite = (_world: () => World) => describe('maps', () => { it.todo('x'); });

import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types.ts';

/** Every address under /api that is none of ours. */
export const fallback: RequestHandler = () => problem(404);

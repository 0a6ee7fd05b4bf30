import type { RequestHandler } from './$types.ts';

/** The process answers. */
export const GET: RequestHandler = () => new Response('ok', { headers: { 'cache-control': 'no-store' } });

import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { principal, app } = locals;
  if (principal === null) return { items: [], unread: 0, next: null, later: false };
  const cursor = url.searchParams.get('after') ?? undefined;
  const page = await app.inbox.list(principal, { limit: PAGE, cursor }).catch((problem: unknown) => {
    // Somebody's own cursor: the list from its start answers better than an error.
    if (problem instanceof Error && problem.name === 'BadCursor') redirect(303, '/inbox');
    throw problem;
  });
  return { ...page, later: cursor !== undefined };
};

export const actions: Actions = {
  read: async ({ locals }) => {
    if (locals.principal !== null) await locals.app.inbox.read(locals.principal, null);
    return {};
  }
};

import { redirect } from '@sveltejs/kit';
import { orRefuse } from '../../../refusal.ts';
import type { PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app, principal } = locals;
  const map = orRefuse(await app.maps.summary(principal, params.id));
  const cursor = url.searchParams.get('after') ?? undefined;
  const asked = await app.audit
    .ofMap(principal, params.id, { limit: PAGE, cursor })
    .catch((problem: unknown) => {
      // Somebody's own cursor: the list from its start answers better than an error.
      if (problem instanceof Error && problem.name === 'BadCursor') redirect(303, `/maps/${params.id}/audit`);
      throw problem;
    });
  return { title: map.title, id: map.id, ...orRefuse(asked), later: cursor !== undefined };
};

import { orRefuse } from '../../../refusal.ts';
import type { PageServerLoad } from './$types';

/** The map as it stands on the server; what the page shows is computed from it, here and in the browser alike. */
export const load: PageServerLoad = async ({ locals, params }) => {
  const map = orRefuse(await locals.app.maps.summary(locals.principal, params.id));
  const journey = orRefuse(await locals.app.maps.journey(locals.principal, params.id));
  return { id: map.id, journey, at: new Date() };
};

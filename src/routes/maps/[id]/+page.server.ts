import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { NAME_REFUSED, personName } from '../../person-name.ts';
import { textOf } from '../../presets.ts';
import { orRefuse } from '../../refusal.ts';
import { meOf } from '../../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { app, principal } = locals;
  const found = await app.maps.summary(principal, params.id);
  if (!found.ok && found.reason === 'gone') {
    const title = await app.maps.restorable(principal, params.id);
    if (title !== null) return { state: 'trashed' as const, title };
  }
  const map = orRefuse(found);
  if (!principal) error(404);
  return {
    state: 'open' as const,
    map: { id: map.id, title: map.title, role: map.role },
    me: meOf(principal)
  };
};

export const actions: Actions = {
  name: async ({ locals, request }) => {
    if (!locals.principal) error(404);
    const typed = textOf(await request.formData(), 'name') ?? '';
    const name = v.safeParse(personName, typed);
    if (!name.success) return fail(422, { typed, problem: name.issues[0].message });
    const named = await locals.app.access.accounts.nameGuest(locals.principal.userId, name.output);
    if (!named.ok) return fail(422, { typed, problem: NAME_REFUSED });
    locals.principal = named.principal;
    return { named: name.output };
  },

  restore: async ({ locals, params }) => {
    orRefuse(await locals.app.maps.restore(locals.principal, params.id));
    redirect(303, `/maps/${params.id}`);
  }
};

import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { NAME_REFUSED, personName } from '../../person-name.ts';
import { textOf } from '../../presets.ts';
import { spend, visitor } from '../../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

const BROKEN = 'This link does not work (any more).';

// The token is in the address: no page may pass it on, and none may be kept.
const GUARDED = { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };

export const load: PageServerLoad = async (event) => {
  event.setHeaders(GUARDED);
  await spend(event, 'share link');
  const link = await event.locals.app.maps.peek(event.params.token);
  if (!link) error(404, BROKEN);
  const { principal } = event.locals;
  return {
    title: link.title,
    role: link.role,
    name: principal?.name ?? null,
    account: principal !== null && !principal.guest
  };
};

export const actions: Actions = {
  default: async (event) => {
    const { locals, params } = event;
    await spend(event, 'share link');
    let userId = locals.principal?.userId;
    if (!locals.principal || locals.principal.guest) {
      const typed = textOf(await event.request.formData(), 'name') ?? '';
      const name = v.safeParse(personName, typed);
      if (!name.success) return fail(422, { name: typed, problem: name.issues[0].message });
      // A broken link must not leave a guest behind.
      if (!(await locals.app.maps.peek(params.token))) error(404, BROKEN);
      userId = await visitor(event, name.output);
      if (locals.principal && locals.principal.name !== name.output) {
        const named = await locals.app.access.accounts.nameGuest(userId, name.output);
        if (!named.ok) return fail(422, { name: typed, problem: NAME_REFUSED });
      }
    }
    const mapId = userId ? await locals.app.maps.join(userId, params.token) : null;
    if (!mapId) error(404, BROKEN);
    redirect(303, `/maps/${mapId}`);
  }
};

import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { waitWords } from '../../account-words.ts';
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
  const { app, principal } = event.locals;
  const link = await app.sharing.peek(event.params.token);
  if (!link) error(404, BROKEN);
  // Whoever is in already is not asked again, for a password least of all.
  const right = link.locked ? await app.access.authorize(principal, link.mapId, 'read') : null;
  if (right?.allowed) redirect(303, `/maps/${link.mapId}`);
  return {
    title: link.title,
    role: link.role,
    locked: link.locked,
    name: principal?.name ?? null,
    account: principal !== null && !principal.guest
  };
};

export const actions: Actions = {
  default: async (event) => {
    const { locals, params } = event;
    await spend(event, 'share link');
    const form = await event.request.formData();
    const typed = textOf(form, 'name') ?? '';
    if (!locals.principal || locals.principal.guest) {
      const name = v.safeParse(personName, typed);
      if (!name.success) return fail(422, { name: typed, problem: name.issues[0].message });
      // A broken link must not leave a guest behind.
      if (!(await locals.app.sharing.peek(params.token))) error(404, BROKEN);
      const userId = await visitor(event, name.output);
      if (locals.principal && locals.principal.name !== name.output) {
        const named = await locals.app.access.accounts.nameGuest(userId, name.output);
        if (!named.ok) return fail(422, { name: typed, problem: NAME_REFUSED });
      }
    }
    if (!locals.principal) error(404, BROKEN);
    const proof = { password: textOf(form, 'password') ?? '', address: event.getClientAddress() };
    const entered = await locals.app.sharing.enter(locals.principal, params.token, proof);
    if (entered.ok) redirect(303, `/maps/${entered.mapId}`);
    if (entered.reason === 'throttled') return fail(429, { name: typed, password: waitWords(entered.waitS) });
    if (entered.reason === 'wrong')
      return fail(400, { name: typed, password: 'That is not the password of this link.' });
    error(404, BROKEN);
  }
};

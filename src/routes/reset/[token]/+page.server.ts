import { error, fail, redirect } from '@sveltejs/kit';
import { told } from '../../account-words.ts';
import { textOf } from '../../presets.ts';
import { spend } from '../../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

const USED = 'This link does not work (any more). Ask for a new one.';

// The token is in the address: no page may pass it on, and none may be kept.
const GUARDED = { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };

export const load: PageServerLoad = async (event) => {
  event.setHeaders(GUARDED);
  await spend(event, 'share link');
  const account = await event.locals.app.access.accounts.resetFor(event.params.token);
  if (account === null) error(404, USED);
  return { name: account.name };
};

export const actions: Actions = {
  default: async (event) => {
    const { locals, params, request, cookies } = event;
    await spend(event, 'share link');
    const password = textOf(await request.formData(), 'password') ?? '';
    const entered = await locals.app.people.reset(params.token, password);
    if (!entered.ok) {
      if (entered.problem === 'used') error(400, USED);
      return fail(422, told(entered.problem));
    }
    cookies.set(entered.cookie.name, entered.cookie.value, { ...entered.cookie.attributes });
    redirect(303, '/maps');
  }
};

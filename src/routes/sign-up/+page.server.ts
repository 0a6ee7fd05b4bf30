import { fail, redirect } from '@sveltejs/kit';
import { localPath, told, type FieldErrors } from '../account-words.ts';
import { textOf } from '../presets.ts';
import { spend } from '../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

const CLOSED = {
  open: null,
  invited: 'New accounts are for people who were invited here: open the link that you were sent first.',
  off: 'New accounts are made by whoever runs this Meander.'
} as const;

export const load: PageServerLoad = async ({ locals, url }) => {
  const to = localPath(url.searchParams.get('to'));
  const { principal, app } = locals;
  if (principal !== null && !principal.guest) redirect(303, to);
  return { to, name: principal?.name ?? '', closed: CLOSED[await app.people.signUps(principal)] };
};

const NO_ERRORS: FieldErrors = {};

export const actions: Actions = {
  default: async (event) => {
    const { locals, request, cookies } = event;
    await spend(event, 'new account');
    const form = await request.formData();
    const [email, name] = [textOf(form, 'email') ?? '', textOf(form, 'name') ?? ''];
    const given = { email, name, password: textOf(form, 'password') ?? '' };
    const entered = await locals.app.people.signUp(locals.principal, given, request.headers.get('cookie'));
    if (!entered.ok) {
      if (entered.problem === 'signed-in') redirect(303, '/account');
      if (entered.problem === 'closed') return fail(403, { email, name, errors: NO_ERRORS });
      return fail(422, { email, name, ...told(entered.problem) });
    }
    cookies.set(entered.cookie.name, entered.cookie.value, { ...entered.cookie.attributes });
    redirect(303, localPath(textOf(form, 'to') ?? null));
  }
};

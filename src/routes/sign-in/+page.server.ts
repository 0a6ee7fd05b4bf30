import { fail, redirect } from '@sveltejs/kit';
import { localPath, waitWords } from '../account-words.ts';
import { textOf } from '../presets.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const to = localPath(url.searchParams.get('to'));
  const { principal, app } = locals;
  if (principal !== null && !principal.guest) redirect(303, to);
  return { to, signUps: await app.people.signUps(principal), mails: app.people.mails };
};

export const actions: Actions = {
  default: async ({ locals, request, cookies, getClientAddress }) => {
    const form = await request.formData();
    const email = textOf(form, 'email') ?? '';
    const entered = await locals.app.people.signIn(
      locals.principal,
      { email, password: textOf(form, 'password') ?? '', address: getClientAddress() },
      request.headers.get('cookie')
    );
    if (!entered.ok) {
      const throttled = entered.problem === 'throttled';
      const problem = throttled
        ? waitWords(entered.waitS)
        : 'That address and password do not belong together.';
      return fail(throttled ? 429 : 400, { email, problem });
    }
    const { name, value, attributes } = entered.cookie;
    cookies.set(name, value, { ...attributes });
    redirect(303, localPath(textOf(form, 'to') ?? null));
  }
};

import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Principal } from '../../../server/access/principal.ts';
import { told } from '../account-words.ts';
import { NAME_REFUSED, personName } from '../person-name.ts';
import { textOf } from '../presets.ts';
import type { Actions, PageServerLoad } from './$types';

/** Who has an account; everybody else is sent to sign in, and comes back. */
function member({ locals }: Pick<RequestEvent, 'locals'>): Principal {
  const { principal } = locals;
  if (principal === null || principal.guest) redirect(303, '/sign-in?to=/account');
  return principal;
}

const WRONG = {
  wrong: 'That is not your password.',
  throttled: 'Too many tries. Wait a while, then try again.'
} as const;

export const load: PageServerLoad = async (event) => {
  const principal = member(event);
  const { app } = event.locals;
  const profile = await app.access.accounts.profile(principal.userId);
  if (profile === null) redirect(303, '/sign-in');
  const estates = await app.people.estates(principal);
  return {
    name: profile.name,
    email: profile.email,
    since: profile.createdAt,
    passing: estates.map(({ title, heir }) => ({ title, heir: heir && (heir.name ?? 'somebody') }))
  };
};

export const actions: Actions = {
  rename: async (event) => {
    const principal = member(event);
    const typed = textOf(await event.request.formData(), 'name') ?? '';
    const name = v.safeParse(personName, typed);
    if (!name.success) return fail(422, { part: 'name', typed, problem: name.issues[0].message } as const);
    if (!(await event.locals.app.access.accounts.rename(principal.userId, name.output)))
      return fail(422, { part: 'name', typed, problem: NAME_REFUSED } as const);
    return { part: 'name', done: 'Saved.' } as const;
  },

  password: async (event) => {
    const principal = member(event);
    const form = await event.request.formData();
    const changed = await event.locals.app.people.changePassword(principal, {
      current: textOf(form, 'current') ?? '',
      next: textOf(form, 'next') ?? '',
      address: event.getClientAddress()
    });
    if (!changed.ok) {
      const { problem } = changed;
      if (problem === 'wrong' || problem === 'throttled')
        return fail(400, { part: 'password', current: WRONG[problem] } as const);
      return fail(422, { part: 'password', next: told(problem).errors.password } as const);
    }
    event.cookies.set(changed.cookie.name, changed.cookie.value, { ...changed.cookie.attributes });
    return { part: 'password', done: 'Changed. Every other device is signed out.' } as const;
  },

  everywhere: async (event) => {
    const cookie = await event.locals.app.people.signOutEverywhere(member(event));
    event.cookies.set(cookie.name, cookie.value, { ...cookie.attributes });
    redirect(303, '/sign-in');
  },

  remove: async (event) => {
    const principal = member(event);
    const gone = await event.locals.app.people.deleteAccount(principal, {
      password: textOf(await event.request.formData(), 'password') ?? '',
      address: event.getClientAddress()
    });
    if (!gone.ok) return fail(400, { part: 'remove', problem: WRONG[gone.problem] } as const);
    event.cookies.set(gone.cookie.name, gone.cookie.value, { ...gone.cookie.attributes });
    redirect(303, '/');
  }
};

import { redirect } from '@sveltejs/kit';
import { textOf } from '../presets.ts';
import { spend } from '../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  if (!locals.app.people.mails) redirect(303, '/sign-in');
};

export const actions: Actions = {
  default: async (event) => {
    await spend(event, 'reset mail');
    const email = textOf(await event.request.formData(), 'email') ?? '';
    // Not awaited, and answered alike: nobody learns which addresses exist, not by the time it takes either.
    event.locals.app.people.forgot(email.slice(0, 300));
    return { asked: true };
  }
};

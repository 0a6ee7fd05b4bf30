import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => redirect(303, '/account');

export const actions: Actions = {
  default: async ({ locals, request, cookies }) => {
    const cookie = await locals.app.people.signOut(locals.principal, request.headers.get('cookie'));
    cookies.set(cookie.name, cookie.value, { ...cookie.attributes });
    redirect(303, '/');
  }
};

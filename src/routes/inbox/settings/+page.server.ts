import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { DIGEST_INTERVALS, INBOX_KINDS } from '#lib/protocol/inbox.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { principal, app } = locals;
  if (principal === null) redirect(303, '/inbox');
  const settings = await app.inbox.settings(principal);
  return { ...settings, mails: app.people.mails && !principal.guest };
};

const wanted = v.object({
  told: v.array(v.picklist(INBOX_KINDS)),
  digest: v.optional(v.picklist(DIGEST_INTERVALS))
});

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const { principal, app } = locals;
    if (principal === null) redirect(303, '/inbox');
    const form = await request.formData();
    const read = v.safeParse(wanted, {
      told: form.getAll('told'),
      ...(form.has('digest') ? { digest: form.get('digest') } : {})
    });
    if (!read.success) return fail(422, { problem: 'That cannot be chosen. Nothing was changed.' });
    const { told, digest } = read.output;
    const muted = INBOX_KINDS.filter((kind) => !told.includes(kind));
    await app.inbox.change(principal, digest === undefined ? { muted } : { muted, digest });
    return { saved: true };
  }
};

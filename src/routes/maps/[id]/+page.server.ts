import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { ShareLink } from '../../../../server/storage/ports.ts';
import { NAME_REFUSED, personName } from '../../person-name.ts';
import { textOf } from '../../presets.ts';
import { orRefuse, refusalOf } from '../../refusal.ts';
import { meOf } from '../../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

/** A share link as its owner sees it; the address itself is not kept. */
export interface LinkRow {
  readonly id: string;
  readonly role: ShareLink['role'];
  readonly createdAt: Date;
}

const linkRow = ({ id, role, createdAt }: ShareLink): LinkRow => ({ id, role, createdAt });

export const load: PageServerLoad = async ({ locals, params }) => {
  const { app, principal } = locals;
  const found = await app.maps.summary(principal, params.id);
  if (!found.ok && found.reason === 'gone') {
    const title = await app.maps.restorable(principal, params.id);
    if (title !== null) return { state: 'trashed' as const, title };
  }
  const map = orRefuse(found);
  if (!principal) error(404);
  const links = map.role === 'owner' ? orRefuse(await app.maps.links(principal, params.id)) : [];
  return {
    state: 'open' as const,
    map: { id: map.id, title: map.title, role: map.role },
    me: meOf(principal),
    links: links.map(linkRow)
  };
};

const linkRole = v.picklist(
  ['editor', 'commenter', 'viewer'],
  'A link is for editing, for commenting or for viewing.'
);

export const actions: Actions = {
  /** Makes a share link. Its token is answered here and nowhere else. */
  link: async ({ locals, params, request }) => {
    const role = v.safeParse(linkRole, textOf(await request.formData(), 'role'));
    if (!role.success) return fail(422, { problem: role.issues[0].message });
    const made = await locals.app.maps.createLink(locals.principal, params.id, role.output);
    if (made.ok) return { made: { id: made.value.link.id, token: made.value.token } };
    const { status, problem } = refusalOf(made.reason);
    return fail(status, { problem });
  },

  revoke: async ({ locals, params, request }) => {
    const id = textOf(await request.formData(), 'link') ?? '';
    const ended = await locals.app.maps.revokeLink(locals.principal, params.id, id);
    if (ended.ok) return { ended: id };
    const { status, problem } = refusalOf(ended.reason);
    return fail(status, { problem });
  },

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

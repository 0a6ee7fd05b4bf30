import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { currencyFor } from '#lib/journey/currency.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import type { MapSummary } from '../../../server/storage/ports.ts';
import { refuseMap, tooManyMaps, waitForMap } from '../new-map.ts';
import { presetChoices, presetField, textOf } from '../presets.ts';
import { refusalOf } from '../refusal.ts';
import { meOf, visitor } from '../visitor.ts';
import type { Actions, PageServerLoad } from './$types';

const PAGE = 24;

/** One map as the list shows it. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly role: MapSummary['role'];
  readonly editedAt: Date;
  readonly trashedAt: Date | null;
  readonly people: readonly { readonly id: string; readonly name: string }[];
}

const rowOf = ({ id, title, role, editedAt, trashedAt, people }: MapSummary): Row => ({
  id,
  title,
  role,
  editedAt,
  trashedAt,
  people: people.map((person) => ({ id: person.id, name: person.name }))
});

export const load: PageServerLoad = async ({ locals, url }) => {
  const trashed = url.searchParams.get('view') === 'trash';
  const cursor = url.searchParams.get('after') ?? undefined;
  const { principal } = locals;
  const page = principal
    ? await locals.app.maps
        .list(principal.userId, { trashed, cursor, limit: PAGE })
        .catch((problem: unknown) => {
          // Somebody's own cursor: the list from its start answers better than an error.
          if (problem instanceof Error && problem.name === 'BadCursor')
            redirect(303, trashed ? '/maps?view=trash' : '/maps');
          throw problem;
        })
    : { maps: [], next: null };
  return {
    trashed,
    later: cursor !== undefined,
    rows: page.maps.map(rowOf),
    next: page.next,
    me: principal ? meOf(principal) : null,
    unread: principal ? (await locals.app.inbox.list(principal, { limit: 1 })).unread : 0,
    presets: presetChoices()
  };
};

const title = v.pipe(
  v.string('Write a title.'),
  v.trim(),
  v.nonEmpty('A map needs a title.'),
  v.maxLength(LIMITS.title, `A title has at most ${LIMITS.title} characters.`)
);

export const actions: Actions = {
  create: async (event) => {
    const preset = v.safeParse(presetField, textOf(await event.request.formData(), 'preset'));
    if (!preset.success) return fail(422, { problem: preset.issues[0].message });
    const by = await visitor(event);
    const refused = await refuseMap(event, by);
    if (refused) return refused;
    const id = await event.locals.app.maps.create(by, {
      preset: preset.output,
      currency: currencyFor(event.request.headers.get('accept-language'))
    });
    redirect(303, `/maps/${id}`);
  },

  rename: async ({ locals, request }) => {
    const form = await request.formData();
    const [id, typed] = [textOf(form, 'id') ?? '', textOf(form, 'title') ?? ''];
    const checked = v.safeParse(title, typed);
    if (!checked.success) return fail(422, { id, typed, problem: checked.issues[0].message });
    const renamed = await locals.app.maps.rename(locals.principal, id, checked.output);
    if (renamed.ok) return { id };
    const { status, problem } = refusalOf(renamed.reason);
    return fail(status, { id, typed, problem });
  },

  duplicate: async (event) => {
    const { locals, request } = event;
    const id = textOf(await request.formData(), 'id') ?? '';
    const wait = locals.principal && (await waitForMap(event, locals.principal.userId));
    if (wait !== null) return fail(429, { id, problem: tooManyMaps(wait) });
    const copy = await locals.app.maps.duplicate(locals.principal, id);
    if (copy.ok) return { id: copy.value };
    const { status, problem } = refusalOf(copy.reason);
    return fail(status, { id, problem });
  },

  trash: async ({ locals, request }) => {
    const id = textOf(await request.formData(), 'id') ?? '';
    const trashed = await locals.app.maps.trash(locals.principal, id);
    if (trashed.ok) return { id };
    const { status, problem } = refusalOf(trashed.reason);
    return fail(status, { id, problem });
  },

  restore: async ({ locals, request }) => {
    const id = textOf(await request.formData(), 'id') ?? '';
    const restored = await locals.app.maps.restore(locals.principal, id);
    if (restored.ok) return { id };
    const { status, problem } = refusalOf(restored.reason);
    return fail(status, { id, problem });
  }
};

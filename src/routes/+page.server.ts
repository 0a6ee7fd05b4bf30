import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { currencyFor } from '#lib/journey/currency.ts';
import { miniature } from './miniature.ts';
import { refuseMap } from './new-map.ts';
import { exampleChoices, exampleField, presetChoices, presetField, textOf } from './presets.ts';
import { visitor } from './visitor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const mine = locals.principal
    ? await locals.app.maps.list(locals.principal.userId, { trashed: false, limit: 1 })
    : null;
  return {
    signedIn: locals.principal !== null && !locals.principal.guest,
    hasMaps: mine !== null && mine.maps.length > 0,
    presets: presetChoices(),
    examples: exampleChoices(),
    miniature: miniature()
  };
};

export const actions: Actions = {
  start: async (event) => {
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
  example: async (event) => {
    const example = v.safeParse(exampleField, textOf(await event.request.formData(), 'example'));
    if (!example.success) return fail(422, { problem: example.issues[0].message });
    const by = await visitor(event);
    const refused = await refuseMap(event, by);
    if (refused) return refused;
    const id = await event.locals.app.maps.create(by, { example: example.output });
    redirect(303, `/maps/${id}`);
  }
};

import { expect, test } from 'vitest';
import type { Maps } from '../../../../server/maps.ts';
import { load } from './+page.server.ts';

const ID = '0b5a0c1e-7a52-4d3b-9d9e-3f1c2a4b5d6e';

/** Opens the page of a map that is in the trash; `title` null: this person could not restore it. */
const open = async (title: string | null) => {
  const asked: string[] = [];
  const maps: Partial<Maps> = {
    summary: async () => ({ ok: false, reason: 'gone' }),
    restorable: async (_by, id) => {
      asked.push(id);
      return title;
    },
    list: () => Promise.reject(new Error('the whole trash was read for one title'))
  };
  const event = {
    locals: { app: { maps }, principal: { userId: 'ann', name: 'Ann', guest: true } },
    params: { id: ID }
  };
  const page = await load(event as unknown as Parameters<typeof load>[0]);
  expect(asked).toEqual([ID]);
  return page;
};

test('whoever can restore the map is told that it is in the trash, at the cost of one question', async () => {
  expect(await open('Onboarding')).toEqual({ state: 'trashed', title: 'Onboarding' });
});

test('whoever could not restore it is told that it is gone', async () => {
  await expect(open(null)).rejects.toMatchObject({ status: 410 });
});

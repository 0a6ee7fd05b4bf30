import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { tick } from 'svelte';
import CardBar from './CardBar.svelte';
import { openTestBoard } from './test-board.ts';

test('F4 the bar over several cards sets all of them, each change as one step', async () => {
  const { session, stage, lane } = openTestBoard();
  const { document } = session;
  const ids = ['one', 'two'].map((text) => document.addCard({ stage, lane, text }));
  document.clearUndo();
  render(CardBar, { session });
  session.select({ kind: 'cards', ids: ids.slice(0, 1) });
  await tick();
  expect(screen.queryByRole('toolbar')).toBeNull();
  session.select({ kind: 'cards', ids });
  await tick();
  await fireEvent.change(screen.getByLabelText('Colour'), { target: { value: 'teal' } });
  await fireEvent.change(screen.getByLabelText('Pain or delight'), { target: { value: 'delight/1' } });
  await fireEvent.change(screen.getByLabelText('How sure'), { target: { value: 'guessed' } });
  const tag = screen.getByLabelText<HTMLInputElement>('Add a tag to all');
  tag.value = 'new';
  await fireEvent.keyDown(tag, { key: 'Enter' });
  const owner = screen.getByLabelText<HTMLInputElement>('Owner of all');
  owner.value = 'Growth';
  await fireEvent.keyDown(owner, { key: 'Enter' });
  const said = {
    color: 'teal',
    sentiment: { kind: 'delight', severity: 1 },
    confidence: 'guessed',
    tags: ['new'],
    owner: 'Growth'
  };
  for (const { facets } of document.journey.cards) expect(facets).toMatchObject(said);
  for (let step = 0; step < 5; step += 1) document.undo();
  expect(document.canUndo).toBe(false);
  for (const { facets } of document.journey.cards) expect(facets.tags).toEqual([]);
});

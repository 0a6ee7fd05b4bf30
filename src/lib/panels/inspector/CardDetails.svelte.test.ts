import { render, screen } from '@testing-library/svelte';
import { fireEvent } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import CardDetails from './CardDetails.svelte';

function opened(count: number, canEdit = true) {
  const document = JourneyDocument.blank();
  const stage = document.addStage({ name: 'Trial', index: 0 });
  const lane = document.addLane({ name: 'Web', kind: 'touchpoints', index: 0 });
  for (let index = 0; index < count; index += 1) document.addCard({ stage, lane, text: `card ${index}` });
  document.clearUndo();
  const props = () => ({ document, cards: document.journey.cards, touchpoints: true, canEdit });
  const view = render(CardDetails, props());
  return {
    document,
    show: () => view.rerender(props()),
    facets: () => document.journey.cards.map((card) => card.facets)
  };
}

test('F4 a choice sets all the cards in one step, and cards that differ say so', async () => {
  const { document, show, facets } = opened(2);
  const [first] = document.journey.cards;
  document.facets.set([first!.id], 'phase', 'purchase');
  await show();
  expect(screen.getByLabelText<HTMLSelectElement>('Phase').value).toBe('mixed');
  await fireEvent.change(screen.getByLabelText('Channel'), { target: { value: 'email' } });
  await fireEvent.change(screen.getByLabelText('Pain or delight'), { target: { value: 'pain/3' } });
  await fireEvent.change(screen.getByLabelText('Owner'), { target: { value: ' Growth ' } });
  expect(facets().map(({ channel, sentiment, owner }) => [channel, sentiment?.severity, owner])).toEqual([
    ['email', 3, 'Growth'],
    ['email', 3, 'Growth']
  ]);
  document.undo();
  expect(facets().map(({ owner }) => owner)).toEqual(['', '']);
});

test('F1 F2 tags and links are added by Enter; what may not be linked is refused with a sentence', async () => {
  const { show, facets } = opened(1);
  const tag = screen.getByPlaceholderText<HTMLInputElement>('Add a tag');
  tag.value = '<img src=x onerror=alert(1)>';
  await fireEvent.keyDown(tag, { key: 'Enter' });
  const link = screen.getByPlaceholderText<HTMLInputElement>('https://…');
  link.value = 'javascript:alert(1)';
  await fireEvent.keyDown(link, { key: 'Enter' });
  expect(screen.getByRole('status').textContent).toContain('https://');
  link.value = 'example.org/report';
  await fireEvent.keyDown(link, { key: 'Enter' });
  await show();
  expect(facets()[0]).toMatchObject({
    tags: ['<img src=x onerror=alert(1)>'],
    links: [{ url: 'https://example.org/report' }]
  });
  expect(document.querySelector('img')).toBeNull();
  const anchor = screen.getByRole<HTMLAnchorElement>('link');
  expect([anchor.href, anchor.target, anchor.rel]).toEqual([
    'https://example.org/report',
    '_blank',
    'noopener noreferrer nofollow'
  ]);
  await fireEvent.click(screen.getByRole('button', { name: /Remove tag/ }));
  expect(facets()[0]?.tags).toEqual([]);
});

test('somebody who may not edit reads it all and changes nothing', () => {
  opened(1, false);
  for (const field of screen.getAllByRole<HTMLSelectElement>('combobox')) expect(field.disabled).toBe(true);
  expect(screen.queryByPlaceholderText('Add a tag')).toBeNull();
});

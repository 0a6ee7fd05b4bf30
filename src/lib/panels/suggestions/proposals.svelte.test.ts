import { describe, expect, test } from 'vitest';
import { RequestProblem } from '#lib/collab/requests.ts';
import type { MapSuggestion, SuggestionsClient } from '#lib/collab/suggestions.ts';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { applySuggestion, forkOf } from '#lib/document/suggestion.ts';
import { stageKey } from '#lib/journey/metrics.ts';
import { standingOf, suggestedChanges, type SuggestedChange } from '#lib/journey/suggestion.ts';
import { Proposals } from './proposals.svelte.ts';

const map = () => {
  const document = JourneyDocument.blank();
  const stages = [0, 1].map((index) => document.addStage({ name: `S${index}`, index }));
  const lane = document.addLane({ name: 'Actions', kind: 'actions', index: 0 });
  const [first, second] = stages as [(typeof stages)[0], (typeof stages)[0]];
  const cards = ['one', 'two', 'three'].map((text) => document.addCard({ lane, stage: first, text }));
  const dwell = stageKey(first, 'dwell');
  document.setMetric(dwell, 2);
  document.clearUndo();
  return { document, lane, first, second, cards, dwell };
};

test('what was edited on a copy is, as suggestions, what makes the map the same', () => {
  const { document, lane, second, cards, dwell } = map();
  const fork = forkOf(document);
  fork.document.step(() => fork.document.cardText(cards[0]!)?.insert(3, ' more'));
  fork.document.moveCards([cards[1]!], { lane, stage: second });
  fork.document.removeCards([cards[2]!]);
  fork.document.addCard({ lane, stage: second, text: 'new' });
  fork.document.setMetric(dwell, 5);
  // What happens on the map meanwhile comes along and is no suggestion.
  const other = document.addCard({ lane, stage: second, text: 'by somebody else' });
  const changes = suggestedChanges(document.journey, fork.document.journey);
  expect(changes.map(({ kind }) => kind).sort()).toEqual(['add', 'metric', 'move', 'remove', 'text']);
  for (const change of changes) expect(standingOf(change, document.journey)).toBe('open');
  fork.destroy();
  document.step(() => changes.forEach((change) => applySuggestion(document.doc, change)));
  for (const change of changes) expect(standingOf(change, document.journey)).toBe('already');
  expect(suggestedChanges(document.journey, fork.document.journey)).toEqual([]);
  expect(document.journey.cards.some(({ id }) => id === other)).toBe(true);
});

describe('accepting', () => {
  const told: string[] = [];
  const suggestion = (id: string, change: SuggestedChange) => ({ id, change }) as unknown as MapSuggestion;
  const setUp = ({ saved = true, held = '' } = {}) => {
    const world = map();
    told.length = 0;
    const say = (what: string) => (id: string) => {
      if (what === 'hold' && id === held)
        return Promise.reject(new RequestProblem('Somebody else is just accepting this.'));
      told.push(`${what} ${id}`);
      return Promise.resolve();
    };
    const client: SuggestionsClient = {
      open: () => Promise.resolve([]),
      decided: () => Promise.resolve([]),
      propose: () => Promise.resolve(),
      hold: say('hold'),
      accept: say('accept'),
      decline: say('decline'),
      withdraw: say('withdraw')
    };
    const { document } = world;
    const proposals = new Proposals(client, { document, saved: () => Promise.resolve(saved) });
    const metric = suggestion('m', { kind: 'metric', key: world.dwell, from: 2, to: 6 });
    const text = suggestion('t', { kind: 'text', card: world.cards[0]!, from: 'one', to: 'uno' });
    return { ...world, proposals, metric, text };
  };

  test('is held, edited as one step, recorded once saved, and taken back by one undo', async () => {
    const { document, proposals, metric, text, dwell } = setUp();
    const before = document.journey;
    expect(await proposals.accept([metric, text], 'Yes')).toBe(true);
    expect(told).toEqual(['hold t', 'hold m', 'accept t', 'accept m']);
    expect(document.journey.metrics.get(dwell)).toBe(6);
    expect(document.journey.cards[0]?.text).toBe('uno');
    document.undo();
    expect(document.journey.metrics.get(dwell)).toBe(2);
    expect(document.journey.cards).toEqual(before.cards);
    expect(document.canUndo).toBe(false);
  });

  test('what somebody else holds, or what is gone, is told and left out; the rest is done', async () => {
    const { document, proposals, metric, text, cards } = setUp({ held: 'm' });
    expect(await proposals.accept([metric, text], '')).toBe(false);
    expect(proposals.problem).toBe('Somebody else is just accepting this.');
    expect(told).toEqual(['hold t', 'accept t']);
    document.removeCards([cards[1]!]);
    const gone = suggestion('g', { kind: 'text', card: cards[1]!, from: 'two', to: 'due' });
    expect(await proposals.accept([gone], '')).toBe(false);
    expect(proposals.problem).toContain('no longer on the map');
    expect(told).not.toContain('accept g');
  });

  test('is not recorded before the edit is saved', async () => {
    const { document, proposals, metric, dwell } = setUp({ saved: false });
    expect(await proposals.accept([metric], '')).toBe(false);
    expect(proposals.problem).toContain('not saved yet');
    expect(told).toEqual(['hold m']);
    expect(document.journey.metrics.get(dwell)).toBe(6);
  });
});

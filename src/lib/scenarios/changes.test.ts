import { describe, expect, test } from 'vitest';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import type { CardId, LaneId, OpportunityId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import type { MapObject } from '#lib/journey/objects.ts';
import type { Card, Journey } from '#lib/journey/records.ts';
import { compareStates, summaryOf } from './changes.ts';
import { j1, key, laneNamed, stageNamed, withMetrics } from './j1.fixture.ts';
import { opportunityNamed } from './j3.fixture.ts';

const sentences = (before: Journey, after: Journey) =>
  compareStates(before, after).changes.map(({ how, text }) => `${how}: ${text}`);

const withCards = (journey: Journey, change: (cards: readonly Card[]) => readonly Card[]): Journey => ({
  ...journey,
  cards: change(journey.cards)
});

const card = (id: string, text: string, stage = 'Visit', lane = 'Ads'): Card => ({
  id: id as CardId,
  stage: stage as StageId,
  lane: lane as LaneId,
  rank: 'a5',
  text,
  facets: BARE_FACETS
});

describe('F23: two states of a map', () => {
  test('F23: that say the same differ in nothing and have their figures side by side', () => {
    const { changes, figures } = compareStates(j1(), j1());
    expect(changes).toEqual([]);
    expect(summaryOf(changes)).toBe('Nothing is different');
    expect(figures[0]).toMatchObject({
      headline: 'clv',
      beforeText: '€524.46',
      afterText: '€524.46',
      delta: { meaning: 'same' }
    });
  });

  test('F23: cards added, moved, rewritten and removed are told with where and with what they said', () => {
    const before = j1();
    const after = withCards(before, (cards) => [
      { ...cards[0]!, text: 'Ads on the radio' },
      { ...cards[1]!, stage: 'Trial' as StageId },
      { ...cards[2]!, rank: 'a9' },
      ...cards.slice(4),
      card('new', '  A   newsletter '),
      card('blank', ' ')
    ]);
    expect(sentences(before, after)).toEqual([
      'changed: Card “Ads on the radio” in Ads, Visit said “Ads at Visit” before',
      'moved: Card “Web at Visit” was moved from Web, Visit to Web, Trial',
      'moved: Card “Web at Signup” was moved within Web, Signup',
      'added: Card “A newsletter” was added to Ads, Visit',
      'added: Card without words was added to Ads, Visit',
      'removed: Card “Onboarding at Trial” was removed from Onboarding, Trial'
    ]);
    expect(summaryOf(compareStates(before, after).changes)).toBe(
      '1 card changed, 2 cards moved, 2 cards added, 1 card removed'
    );
  });

  test('F23: what a card says of itself, and free objects', () => {
    const sticky = (id: string, text: string): MapObject => ({
      id: id as MapObject['id'],
      kind: 'sticky',
      rank: 'a0',
      color: 'yellow',
      locked: false,
      group: null,
      x: 0,
      y: 0,
      width: 100,
      height: 100,
      text
    });
    const before = { ...j1(), objects: [sticky('a', 'Old'), sticky('b', 'Stays'), sticky('c', '')] };
    const after: Journey = {
      ...withCards(before, ([first, ...rest]) => [
        { ...first!, facets: { ...BARE_FACETS, color: 'red', tags: ['new'] } },
        ...rest
      ]),
      objects: [
        sticky('a', 'New'),
        { ...sticky('b', 'Stays'), x: 5, color: 'red' } as MapObject,
        sticky('d', 'x')
      ]
    };
    expect(sentences(before, after)).toEqual([
      'changed: Card “Ads at Visit” in Ads, Visit: other colour, tags',
      'changed: Note “New”: it said “Old” before',
      'moved: Note “Stays” was moved',
      'changed: Note “Stays”: it looks different',
      'added: Note “x” was added',
      'removed: Note was removed'
    ]);
  });

  test('F23: long words are cut between letters', () => {
    const after = withCards(j1(), (cards) => [...cards, card('long', '😀'.repeat(100))]);
    expect(sentences(j1(), after)).toEqual([`added: Card “${'😀'.repeat(59)}…” was added to Ads, Visit`]);
  });

  test('F23: numbers are told old and new with their units, and what they do to CLV', () => {
    const after = withMetrics(j1(), [
      [key.share('Trial', 'Active'), 0.36],
      [key.stage('Active', 'orderValue'), undefined],
      [key.setting('horizon'), 24],
      [key.share('Visit', 'Trial'), null]
    ]);
    expect(sentences(j1(), after)).toEqual([
      'changed: Trial → Active, share: from 30% to 36%',
      'added: Horizon: from not set to 24 months',
      'added: Visit → Trial, share: from not set to drawn without a number',
      'removed: Active, order value: from €39.00 to not set'
    ]);
    const better = withMetrics(j1(), [[key.share('Trial', 'Active'), 0.36]]);
    expect(compareStates(j1(), better).figures.find(({ headline }) => headline === 'cac')).toMatchObject({
      beforeText: '€82.57',
      afterText: '€68.81',
      delta: { text: '−€13.76', arrow: '▼', meaning: 'better' }
    });
    const { figures } = compareStates(j1(), after);
    expect(figures[0]).toMatchObject({ headline: 'clv', after: null, afterText: 'no figure', delta: null });
  });

  test('F23: what vanished with its stage is told once; a new stage brings its numbers', () => {
    const before = j1();
    const after: Journey = {
      ...withMetrics(before, [
        [key.share('Visit', 'Signup'), undefined],
        [key.share('Signup', 'Trial'), undefined],
        [key.cost('Web', 'Signup'), undefined],
        [key.stage('Later', 'dwell'), 2]
      ]),
      stages: [...before.stages.filter(({ id }) => id !== 'Signup'), stageNamed('Later', 'a9')],
      lanes: [...before.lanes.map((lane) => (lane.id === 'Ads' ? { ...lane, name: 'Adverts' } : lane))],
      cards: before.cards.filter(({ stage }) => stage !== 'Signup')
    };
    expect(sentences(before, after)).toEqual([
      'added: Stage “Later” was added',
      'removed: Stage “Signup” was removed',
      'changed: Lane “Adverts”: it was called “Ads”',
      'removed: Card “Web at Signup” was removed from Web, Signup',
      'added: Later, dwell: from not set to 2 months'
    ]);
  });

  test('F23: stages, lanes and the map itself: renamed, moved, of another kind, other texts', () => {
    const before = j1();
    const after: Journey = {
      ...before,
      title: 'Trial, revised',
      settings: { ...before.settings, currency: 'USD' },
      stages: before.stages.map((stage) =>
        stage.id === 'Visit'
          ? { ...stage, rank: 'b0', kind: 'acquire' as const, band: true, customerObjective: 'Find out' }
          : stage
      ),
      lanes: [...before.lanes, laneNamed('Ideas', 'notes', 'b1')]
    };
    expect(sentences(before, after)).toEqual([
      'changed: The map’s title changed from “Subscription trial” to “Trial, revised”',
      'changed: The currency changed from EUR to USD',
      'moved: Stage “Visit” was moved',
      'changed: Stage “Visit”: the kind changed from derived to acquire',
      'changed: Stage “Visit”: it became a band',
      'changed: Stage “Visit”: the customer’s objective changed from “” to “Find out”',
      'added: Lane “Ideas” was added'
    ]);
    expect(compareStates(before, after).figures.every(({ delta }) => delta === null)).toBe(true);
  });

  test('F23: scenarios and opportunities, with the overrides that changed', () => {
    const scenario = (overrides: [ReturnType<typeof key.setting>, number][]) => ({
      id: 's' as ScenarioId,
      name: 'Better trial',
      rank: 'a0',
      overrides: new Map(overrides)
    });
    const idea = { ...opportunityNamed('Coach', []), id: 'o' as OpportunityId };
    const before = { ...j1(), scenarios: [scenario([[key.setting('horizon'), 12]])], opportunities: [idea] };
    const after: Journey = {
      ...before,
      scenarios: [scenario([[key.setting('horizon'), 24]])],
      opportunities: [
        { ...idea, status: 'doing', oneOffCost: 10 },
        { ...idea, id: 'p' as OpportunityId }
      ]
    };
    expect(sentences(before, after)).toEqual([
      'changed: Scenario “Better trial”: Horizon from 12 months to 24 months',
      'changed: Opportunity “Coach”: the status changed from idea to doing',
      'added: Opportunity “Coach” was added'
    ]);
    const costlier: Journey = { ...before, opportunities: [{ ...idea, oneOffCost: 10 }] };
    expect(sentences(before, costlier)).toEqual(['changed: Opportunity “Coach”: its details changed']);
    expect(
      sentences(before, { ...before, opportunities: [{ ...idea, edits: new Map(idea.edits) }] })
    ).toEqual([]);
  });
});

import { sidesOfRange } from '#lib/canvas/editor/cell-range.ts';
import type { Editor } from '#lib/canvas/editor/editor.ts';
import type { Selection } from '#lib/canvas/editor/selection.ts';
import { feelingName } from '#lib/canvas/editor/labels.ts';
import { fileOf } from '#lib/journey/file-convert.ts';
import type { MapFile } from '#lib/journey/file-schema.ts';
import { cellKey, placeOf, type MetricPlace } from '#lib/journey/metrics.ts';
import type { CardId } from '#lib/journey/ids.ts';
import { hasText, type MapObject } from '#lib/journey/objects.ts';
import type { Card, Journey, Lane, Stage } from '#lib/journey/records.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { copiedObjects } from './objects.ts';

/** The clipboard's own type of a fragment. Other programs take the table or the text beside it. */
export const FRAGMENT_TYPE = 'application/x-meander-fragment+json';
export const FRAGMENT_FORMAT = 'meander-fragment/1';

/** What a fragment is a copy of; free objects may have cards among them. */
export const FRAGMENT_KINDS = ['cards', 'cells', 'stage', 'lane', 'objects'] as const;
export type FragmentKind = (typeof FRAGMENT_KINDS)[number];

/**
 * A part of a map on the clipboard: a map file that holds only what was copied, so that whatever a file can carry can be
 * copied too and one validator reads both. Its stages and lanes span what was copied, gaps included, so that cards keep
 * their places to each other.
 */
export interface Fragment {
  readonly format: typeof FRAGMENT_FORMAT;
  readonly what: FragmentKind;
  readonly map: MapFile;
}

export interface Copied {
  readonly fragment: Fragment;
  readonly text: string;
  readonly html: string;
}

type Part = Pick<Journey, 'stages' | 'lanes' | 'cards'> & {
  readonly objects?: readonly MapObject[];
  readonly what: FragmentKind;
  readonly numbers: (place: MetricPlace) => boolean;
};

type Source = Pick<BoardSession, 'journey' | 'selection' | 'editor'>;

/** What is selected, in the clipboard's three forms; null where there is nothing to copy. */
export function copyOf({ journey, selection, editor }: Source): Copied | null {
  const part = partOf(journey, selection, editor);
  if (part === null) return null;
  const { what, stages, lanes, cards, objects = [] } = part;
  const metrics = [...journey.metrics].filter(([key]) => {
    const place = placeOf(key);
    return place !== null && part.numbers(place);
  });
  const map = fileOf({
    ...journey,
    stages,
    lanes,
    cards,
    unplaced: [],
    metrics: new Map(metrics),
    settings: { ...journey.settings, referralEntry: null, feelingsSource: '' },
    scenarios: [],
    opportunities: [],
    ranges: new Map(),
    experiments: [],
    views: [],
    fits: [],
    objects
  });
  const fragment: Fragment = { format: FRAGMENT_FORMAT, what, map };
  if (what === 'objects') {
    const words = [...objects.map(wordsOf), ...cards.map((card) => card.text)].filter((word) => word !== '');
    return {
      fragment,
      text: words.join('\n'),
      html: htmlOf(
        fragment,
        words.map((word) => [word])
      )
    };
  }
  const rows = lanes.map((lane) => stages.map((stage) => cellText(journey, cards, lane, stage)));
  const text = what === 'cards' ? cards.map((card) => card.text).join('\n') : tabbed(rows);
  return { fragment, text, html: htmlOf(fragment, rows) };
}

/** What an object says. */
const wordsOf = (object: MapObject): string =>
  hasText(object) ? object.text : object.kind === 'stamp' ? object.emoji : '';

/** Cards with the stages and lanes that they span, gaps included. */
function spanned({ stages, lanes, cards: all }: Journey, ids: readonly CardId[]) {
  const chosen = new Set(ids);
  const cards = all.filter(({ id }) => chosen.has(id));
  const span = <T extends { readonly id: string }>(items: readonly T[], of: ReadonlySet<string>): T[] =>
    of.size === 0
      ? []
      : items.slice(
          items.findIndex(({ id }) => of.has(id)),
          items.findLastIndex(({ id }) => of.has(id)) + 1
        );
  return {
    stages: span(stages, new Set(cards.map(({ stage }) => stage))),
    lanes: span(lanes, new Set(cards.map(({ lane }) => lane))),
    cards
  };
}

function partOf(journey: Journey, selection: Selection, editor: Editor): Part | null {
  const { stages, lanes } = journey;
  switch (selection.kind) {
    case 'objects': {
      const objects = copiedObjects(editor, selection.ids);
      if (objects.length === 0) return null;
      return { what: 'objects', ...spanned(journey, selection.cards), objects, numbers: () => false };
    }
    case 'cards': {
      const part = spanned(journey, selection.ids);
      return part.cards.length === 0 ? null : { what: 'cards', ...part, numbers: () => false };
    }
    case 'cell': {
      const sides = sidesOfRange(journey, selection);
      return { what: 'cells', ...sides, cards: within(journey, sides), numbers: ({ on }) => on === 'cell' };
    }
    case 'stage': {
      const sides = { stages: stages.filter(({ id }) => id === selection.id), lanes };
      const numbers = (place: MetricPlace) => place.on === 'cell' || place.on === 'stage';
      return { what: 'stage', ...sides, cards: within(journey, sides), numbers };
    }
    case 'lane': {
      const sides = { stages, lanes: lanes.filter(({ id }) => id === selection.id) };
      return { what: 'lane', ...sides, cards: within(journey, sides), numbers: ({ on }) => on === 'cell' };
    }
    default:
      return null;
  }
}

function within(journey: Journey, sides: Pick<Journey, 'stages' | 'lanes'>): readonly Card[] {
  const stages = new Set(sides.stages.map(({ id }) => id));
  const lanes = new Set(sides.lanes.map(({ id }) => id));
  return journey.cards.filter(({ lane, stage }) => lanes.has(lane) && stages.has(stage));
}

function cellText({ metrics }: Journey, cards: readonly Card[], lane: Lane, stage: Stage): string {
  const texts = cards.filter((card) => card.lane === lane.id && card.stage === stage.id);
  const feeling = metrics.get(cellKey(lane.id, stage.id, 'feeling'));
  const lines = texts.map(({ text }) => text);
  if (lane.kind === 'feelings' && typeof feeling === 'number') lines.unshift(feelingName(feeling));
  return lines.join('\n');
}

/** Rows as spreadsheets take them: a cell with a tab, a line end or a quote stands in quotes. */
const tabbed = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) =>
      row.map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')
    )
    .join('\n');

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '<br>');

/** A table for people and other programs, with the fragment in an attribute for a map in another browser. */
const htmlOf = (fragment: Fragment, rows: readonly (readonly string[])[]): string => {
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`);
  const carried = escaped(JSON.stringify(fragment));
  return `<table data-meander-fragment="${carried}">${body.join('')}</table>`;
};

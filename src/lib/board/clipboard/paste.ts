import { cellForCard } from '../commands/tools.ts';
import type { CellPlace } from '#lib/canvas/editor/types.ts';
import { BARE_FACETS, type CardFacets } from '#lib/journey/card-facets.ts';
import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { cellKey, METRICS, placeOf, stageKey } from '#lib/journey/metrics.ts';
import { carriesCost, FEELINGS, STAGE_TEXTS, type Journey, type Lane } from '#lib/journey/records.ts';
import { parseEntry } from '#lib/panels/inspector/parse-number.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { insertObjects, noRoomForObjects } from './objects.ts';
import type { Pasted } from './read.ts';

/** One card that is about to be pasted. */
interface NewCard extends CellPlace {
  readonly text: string;
  readonly facets: CardFacets;
}

type Number = CellPlace & { readonly metric: 'cost' | 'feeling'; readonly value: number };

interface Plan {
  readonly cards: NewCard[];
  readonly numbers: Number[];
  /** What could not be pasted, in sentences. */
  readonly notes: string[];
}

const NO_GRID = 'Add a stage and a lane first: pasted cards need a cell.';
const counted = (count: number, noun: string) => `${count} ${count === 1 ? noun : `${noun}s`}`;

/**
 * Pastes into the map at the cell in focus, as one undo step, and selects what it made. Returns what there is to say:
 * what was left out, or why nothing was pasted; null when all of it is there.
 */
export function paste(session: BoardSession, pasted: Pasted): string | null {
  if (!session.canEdit) return 'You can look at this map but not change it, so nothing was pasted.';
  switch (pasted.kind) {
    case 'nothing':
      return 'There is nothing on the clipboard that a map can take.';
    case 'refused':
      return pasted.message;
    case 'fragment':
      if (pasted.what === 'stage') return pasteStage(session, pasted.part);
      if (pasted.what === 'lane') return pasteLane(session, pasted.part);
      if (pasted.what === 'objects') return pasteObjects(session, pasted.part);
      return pasteAt(session, (at) => planOfPart(session.journey, pasted.part, at));
    case 'range':
      return pasteAt(session, (at) => planOfRange(session.journey, pasted.rows, at));
    case 'lines':
      return pasteAt(session, (at) => ({
        cards: pasted.lines.map((text) => ({ ...at, text, facets: BARE_FACETS })),
        numbers: [],
        notes: []
      }));
  }
}

function pasteAt(session: BoardSession, planAt: (at: CellPlace) => Plan): string | null {
  const at = cellForCard(session);
  if (at === null) return NO_GRID;
  const plan = planAt(at);
  const full = noRoomFor(session.journey, plan.cards.length);
  if (full !== null) return full;
  const notes = [...plan.notes, ...cutTexts(plan.cards)];
  const { editor, document } = session;
  const ids = document.step(() => {
    for (const { lane, stage, metric, value } of plan.numbers)
      editor.setMetric(cellKey(lane, stage, metric), value);
    return insert(session, plan.cards);
  });
  if (ids.length > 0) editor.select({ kind: 'cards', ids });
  else if (plan.numbers.length > 0) editor.select({ kind: 'cell', ...at });
  editor.revealSelection();
  return notes.length === 0 ? null : notes.join(' ');
}

/** Objects go where the pointer is, and the cards that were copied with them to the cell in focus. One step. */
function pasteObjects(session: BoardSession, part: Journey): string | null {
  if (part.objects.length === 0) return null;
  const full =
    noRoomForObjects(session, part.objects.length) ?? noRoomFor(session.journey, part.cards.length);
  if (full !== null) return full;
  const at = part.cards.length === 0 ? null : cellForCard(session);
  const plan = at === null ? null : planOfPart(session.journey, part, at);
  session.document.step(() =>
    insertObjects(session, part.objects, plan === null ? [] : insert(session, plan.cards))
  );
  session.editor.revealSelection();
  const lost = part.cards.length > 0 && plan === null ? [NO_GRID] : [];
  const notes = [...lost, ...(plan?.notes ?? [])];
  return notes.length === 0 ? null : notes.join(' ');
}

/** Puts cards into their cells; after the selected card where that is the cell. */
function insert({ document, selection }: BoardSession, cards: readonly NewCard[]): CardId[] {
  const byCell = new Map<string, NewCard[]>();
  for (const card of cards) {
    const key = `${card.lane}/${card.stage}`;
    byCell.set(key, [...(byCell.get(key) ?? []), card]);
  }
  const after = selection.kind === 'cards' ? selection.ids.at(-1) : undefined;
  return [...byCell.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const index = document.cardsIn(first.lane, first.stage).findIndex(({ id }) => id === after);
    const { lane, stage } = first;
    return document.insertCards(group, { lane, stage, ...(index === -1 ? {} : { index: index + 1 }) });
  });
}

function noRoomFor({ cards, unplaced }: Journey, count: number): string | null {
  const held = cards.length + unplaced.length;
  if (held + count <= LIMITS.cards) return null;
  return `This map holds ${held} of ${LIMITS.cards} cards, so ${counted(count, 'more card')} would not fit. Nothing was pasted.`;
}

/** Cuts what is longer than a card holds, and says so: nothing goes in silence. */
function cutTexts(cards: NewCard[]): string[] {
  let cut = 0;
  let left = 0;
  cards.forEach((card, index) => {
    if (card.text.length <= LIMITS.cardText) return;
    // Half a surrogate pair is no character.
    const text = card.text.slice(0, LIMITS.cardText).replace(/[\uD800-\uDBFF]$/, '');
    cut += 1;
    left += card.text.length - text.length;
    cards[index] = { ...card, text };
  });
  if (cut === 0) return [];
  const which = cut === 1 ? 'One card keeps' : `${cut} cards keep`;
  return [`${which} the first ${LIMITS.cardText} characters; ${left} were left out.`];
}

// --- ranges of a spreadsheet ---------------------------------------------------------------------------------------

function planOfRange(journey: Journey, rows: readonly (readonly string[])[], at: CellPlace): Plan {
  const plan: Plan = { cards: [], numbers: [], notes: [] };
  const column = journey.stages.findIndex(({ id }) => id === at.stage);
  const row = journey.lanes.findIndex(({ id }) => id === at.lane);
  let outside = 0;
  rows.forEach((cells, down) =>
    cells.forEach((text, across) => {
      if (text === '') return;
      const [stage, lane] = [journey.stages[column + across], journey.lanes[row + down]];
      if (stage === undefined || lane === undefined) outside += 1;
      else fillCell(plan, lane, stage.id, text);
    })
  );
  if (outside > 0) {
    const fits = `${counted(journey.lanes.length - row, 'lane')} and ${counted(journey.stages.length - column, 'stage')}`;
    plan.notes.push(`From this cell there are ${fits}: ${counted(outside, 'cell')} beyond were left out.`);
  }
  return plan;
}

/** A number goes where the lane keeps one, words become a card. */
function fillCell({ cards, numbers }: Plan, lane: Lane, stage: StageId, text: string): void {
  const place = { lane: lane.id, stage };
  const metric = lane.kind === 'feelings' ? 'feeling' : carriesCost(lane.kind) ? 'cost' : null;
  const value = metric === null ? null : numberIn(text, metric);
  if (metric === null || value === null) cards.push({ ...place, text, facets: BARE_FACETS });
  else numbers.push({ ...place, metric, value });
}

/** What a text says as a cost or a feeling; null when it is no such number, or out of its range. */
function numberIn(text: string, metric: 'cost' | 'feeling'): number | null {
  const named = FEELINGS.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (metric === 'feeling' && named !== undefined) return named.score;
  const { min, max, unit } = METRICS.cells[metric];
  const entry = parseEntry(text, unit);
  return entry.kind === 'number' && entry.value >= min && entry.value <= max ? entry.value : null;
}

// --- parts of a map ------------------------------------------------------------------------------------------------

/** Cards keep their places to each other; those that would be off the grid go to its last stage or lane. */
function planOfPart(journey: Journey, part: Journey, at: CellPlace): Plan {
  const column = journey.stages.findIndex(({ id }) => id === at.stage);
  const row = journey.lanes.findIndex(({ id }) => id === at.lane);
  const target = (from: CellPlace): { lane: Lane; stage: StageId; inside: boolean } | null => {
    const across = column + part.stages.findIndex(({ id }) => id === from.stage);
    const down = row + part.lanes.findIndex(({ id }) => id === from.lane);
    const stage = journey.stages[across] ?? journey.stages.at(-1);
    const lane = journey.lanes[down] ?? journey.lanes.at(-1);
    if (stage === undefined || lane === undefined) return null;
    return { lane, stage: stage.id, inside: across < journey.stages.length && down < journey.lanes.length };
  };
  const plan: Plan = { cards: [], numbers: [], notes: [] };
  let moved = 0;
  for (const { text, facets, ...from } of part.cards) {
    const to = target(from);
    if (to === null) continue;
    if (!to.inside) moved += 1;
    plan.cards.push({ lane: to.lane.id, stage: to.stage, text, facets });
  }
  let lost = 0;
  for (const [key, value] of part.metrics) {
    const place = placeOf(key);
    if (place?.on !== 'cell' || value === null) continue;
    const to = target(place);
    const fits =
      to !== null && (place.metric === 'feeling' ? to.lane.kind === 'feelings' : carriesCost(to.lane.kind));
    if (fits && to.inside)
      plan.numbers.push({ lane: to.lane.id, stage: to.stage, metric: place.metric, value });
    else lost += 1;
  }
  if (moved > 0)
    plan.notes.push(`${counted(moved, 'card')} beyond the edge of the map went to its last cells.`);
  if (lost > 0) plan.notes.push(`${counted(lost, 'number')} found no cell of their kind and were left out.`);
  return plan;
}

/** Where the lanes (or stages) of a part are on this map: the same one, else the like one, else the one at its place. */
function matched<T extends { readonly id: string }>(
  theirs: readonly T[],
  ours: readonly T[],
  alike: readonly ((a: T, b: T) => boolean)[]
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  theirs.forEach((item, index) => {
    const same = [(a: T, b: T) => a.id === b.id, ...alike]
      .map((like) => ours.find((other) => like(item, other)))
      .find((other) => other !== undefined);
    const target = same ?? ours[Math.min(index, ours.length - 1)];
    if (target !== undefined) found.set(item.id, target);
  });
  return found;
}

function pasteStage(session: BoardSession, part: Journey): string | null {
  const { document, journey, editor, selection } = session;
  const [source] = part.stages;
  if (source === undefined) return null;
  if (journey.stages.length >= LIMITS.stages)
    return `A map holds at most ${LIMITS.stages} stages. Nothing was pasted.`;
  if (part.cards.length > 0 && journey.lanes.length === 0) return NO_GRID;
  const full = noRoomFor(journey, part.cards.length);
  if (full !== null) return full;
  const lanes = matched(part.lanes, journey.lanes, [
    (a, b) => a.kind === b.kind && a.name === b.name,
    (a, b) => a.kind === b.kind
  ]);
  const chosen = selection.kind === 'stage' ? selection.id : editor.focusCell?.stage;
  const after = journey.stages.findIndex(({ id }) => id === chosen);
  const id = document.step(() => {
    const { name, kind, band } = source;
    const index = after === -1 ? journey.stages.length : after + 1;
    const stage = document.addStage({ name, index, band, ...(kind === null ? {} : { kind }) });
    document.resizeStage(stage, source.width);
    for (const field of STAGE_TEXTS) document.stageText(stage, field)?.insert(0, source[field]);
    copyInto(session, part, ({ lane }) => {
      const target = lanes.get(lane);
      return target === undefined ? null : { lane: target.id, stage };
    });
    for (const [key, value] of part.metrics) {
      const place = placeOf(key);
      if (place?.on === 'stage' && value !== null) document.setMetric(stageKey(stage, place.metric), value);
    }
    return stage;
  });
  editor.select({ kind: 'stage', id });
  editor.revealSelection();
  return null;
}

function pasteLane(session: BoardSession, part: Journey): string | null {
  const { document, journey, editor, selection } = session;
  const [source] = part.lanes;
  if (source === undefined) return null;
  if (journey.lanes.length >= LIMITS.lanes)
    return `A map holds at most ${LIMITS.lanes} lanes. Nothing was pasted.`;
  if (part.cards.length > 0 && journey.stages.length === 0) return NO_GRID;
  const full = noRoomFor(journey, part.cards.length);
  if (full !== null) return full;
  const stages = matched(part.stages, journey.stages, [(a, b) => a.name === b.name]);
  const chosen = selection.kind === 'lane' ? selection.id : editor.focusCell?.lane;
  const after = journey.lanes.findIndex(({ id }) => id === chosen);
  const id = document.step(() => {
    const { name, kind } = source;
    const lane = document.addLane({ name, kind, index: after === -1 ? journey.lanes.length : after + 1 });
    document.resizeLane(lane, source.height);
    copyInto(session, part, ({ stage }) => {
      const target = stages.get(stage);
      return target === undefined ? null : { lane, stage: target.id };
    });
    return lane;
  });
  editor.select({ kind: 'lane', id });
  editor.revealSelection();
  return null;
}

/** Copies a part's cards and the numbers of its cells to where `place` puts them. */
function copyInto(
  session: BoardSession,
  part: Journey,
  place: (from: { readonly lane: LaneId; readonly stage: StageId }) => CellPlace | null
): void {
  insert(
    session,
    part.cards.flatMap(({ text, facets, ...from }) => {
      const to = place(from);
      return to === null ? [] : [{ ...to, text, facets }];
    })
  );
  for (const [key, value] of part.metrics) {
    const from = placeOf(key);
    const to = from?.on === 'cell' ? place(from) : null;
    if (from?.on === 'cell' && to !== null && value !== null)
      session.document.setMetric(cellKey(to.lane, to.stage, from.metric), value);
  }
}

import type { JourneyLayout } from '#lib/canvas/geometry/layout.ts';
import type { ObjectIndex } from '#lib/canvas/geometry/object-index.ts';
import type { BoardRect } from '#lib/canvas/geometry/space.ts';
import { wordsOfCard } from '#lib/journey/card-text.ts';
import { hasText, type End, type MapObject, type ObjectKind } from '#lib/journey/objects.ts';

export const KIND_NAMES: Readonly<Record<ObjectKind, string>> = {
  sticky: 'Sticky note',
  text: 'Text',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  line: 'Line',
  connector: 'Connector',
  pen: 'Pen stroke',
  highlighter: 'Highlighter stroke',
  frame: 'Frame',
  image: 'Picture',
  stamp: 'Stamp'
};

/** Where objects are asked for in words. */
export interface Surroundings {
  readonly layout: JourneyLayout;
  readonly objects: ObjectIndex;
}

/**
 * An object in words: its kind, what it says or shows, what a connector joins, and where it is. Costs a search in the
 * tree of objects, not one through all of them.
 */
export function wordsOfObject(object: MapObject, around: Surroundings): string {
  const { kind } = object;
  const locked = object.locked ? ', locked' : '';
  const said = saidBy(object);
  const name = `${KIND_NAMES[kind]}${locked}${said === '' ? (kind === 'image' ? ', not described yet' : '') : `: ${said}`}`;
  if (object.kind === 'connector')
    return `${name}, from ${targetWords(object.from, around)} to ${targetWords(object.to, around)}`;
  const rect = around.objects.get(object.id)?.rect;
  return rect === undefined ? name : `${name}, ${whereWords(object, rect, around)}`;
}

const saidBy = (object: MapObject): string =>
  hasText(object) ? object.text : object.kind === 'stamp' ? object.emoji : '';

/** What an end of a connector holds on to. */
function targetWords({ target, ...place }: End, { layout, objects }: Surroundings): string {
  switch (target?.on) {
    case undefined:
      return gridWords(place.x, place.y, layout);
    case 'object': {
      const held = objects.get(target.id)?.object;
      if (held === undefined) return gridWords(place.x, place.y, layout);
      const said = saidBy(held);
      return `${KIND_NAMES[held.kind].toLowerCase()}${said === '' ? '' : ` “${said}”`}`;
    }
    case 'card': {
      const card = layout.cards.get(target.id)?.card;
      return card === undefined ? 'a card out of sight' : `card “${wordsOfCard(card.text)}”`;
    }
    case 'stage':
      return `stage ${layout.source.stages.find(({ id }) => id === target.id)?.name ?? ''}`;
    case 'cell':
      return cellWords(layout, target);
  }
}

const cellWords = (
  layout: JourneyLayout,
  place: { readonly lane: string; readonly stage: string }
): string => {
  const { lanes, stages } = layout.source;
  const name = (list: readonly { readonly id: string; readonly name: string }[], wanted: string) =>
    list.find(({ id }) => id === wanted)?.name ?? '';
  return `cell ${name(lanes, place.lane)}, ${name(stages, place.stage)}`;
};

function whereWords(object: MapObject, rect: BoardRect, { layout, objects }: Surroundings): string {
  const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
  const frame = objects.frameAround(object.id, rect);
  const on = gridWords(x, y, layout);
  return frame === null ? on : `in frame “${frame.text}”, ${on}`;
}

/** A place by the cell that is under it, or by the side of the grid on which it is. */
function gridWords(x: number, y: number, { grid, columns, rows, bands }: JourneyLayout): string {
  const row = rows.find((one) => y >= one.y && y < one.y + one.height);
  const column = columns.find((one) => x >= one.x && x < one.x + one.width);
  if (row !== undefined && column !== undefined) return `over ${row.lane.name}, ${column.stage.name}`;
  const band = bands.find(({ rect }) => y >= rect.y && y < rect.y + rect.height);
  if (band !== undefined && x >= band.rect.x && x < band.rect.x + band.rect.width)
    return `over ${band.stage.name}`;
  const down = y < grid.y ? 'above' : y >= grid.y + grid.height ? 'below' : '';
  const across = x < grid.x ? 'left of' : x >= grid.x + grid.width ? 'right of' : '';
  const beside = [down, across].filter((word) => word !== '').join(' and ');
  return beside === '' ? 'on the grid' : `${beside} the grid`;
}

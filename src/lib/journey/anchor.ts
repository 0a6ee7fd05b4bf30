import {
  isRecordId,
  type CardId,
  type LaneId,
  type ObjectId,
  type OpportunityId,
  type StageId
} from './ids.ts';
import type { Journey } from './records.ts';

/** What a thread of comments hangs on. Board units for a point. */
export type Anchor =
  | { readonly on: 'map' }
  | { readonly on: 'stage'; readonly stage: StageId }
  | { readonly on: 'card'; readonly card: CardId }
  | { readonly on: 'cell'; readonly lane: LaneId; readonly stage: StageId }
  | { readonly on: 'opportunity'; readonly opportunity: OpportunityId }
  | { readonly on: 'object'; readonly object: ObjectId }
  | { readonly on: 'point'; readonly x: number; readonly y: number };

const POINT_LONGEST = 8; // characters of a coordinate
const ABOUT_LONGEST = 80;

/** The anchor as one word, such as `cell/LANE/STAGE`: what the server stores and programs send. */
export function anchorText(anchor: Anchor): string {
  switch (anchor.on) {
    case 'map':
      return 'map';
    case 'stage':
      return `stage/${anchor.stage}`;
    case 'card':
      return `card/${anchor.card}`;
    case 'cell':
      return `cell/${anchor.lane}/${anchor.stage}`;
    case 'opportunity':
      return `opportunity/${anchor.opportunity}`;
    case 'object':
      return `object/${anchor.object}`;
    case 'point':
      return `point/${Math.round(anchor.x)}/${Math.round(anchor.y)}`;
  }
}

/** Reads {@link anchorText}; null for anything else. */
export function parseAnchor(text: string): Anchor | null {
  const [on, first = '', second = '', ...rest] = text.split('/');
  if (rest.length > 0) return null;
  if (on === 'point') {
    const isWhole = (part: string) => part.length <= POINT_LONGEST && /^-?\d+$/.test(part);
    return isWhole(first) && isWhole(second) ? { on, x: Number(first), y: Number(second) } : null;
  }
  if (text === 'map') return { on: 'map' };
  if (!isRecordId(first)) return null;
  if (on === 'cell')
    return isRecordId(second) ? { on, lane: first as LaneId, stage: second as StageId } : null;
  if (second !== '' || text.endsWith('/')) return null;
  switch (on) {
    case 'stage':
      return { on, stage: first as StageId };
    case 'card':
      return { on, card: first as CardId };
    case 'opportunity':
      return { on, opportunity: first as OpportunityId };
    case 'object':
      return { on, object: first as ObjectId };
    default:
      return null;
  }
}

/** What the anchor hangs on, in a few words of the map; null when that is not on the map (any more). */
export function aboutOf(anchor: Anchor, journey: Journey): string | null {
  switch (anchor.on) {
    case 'map':
      return journey.title;
    case 'point':
      return 'A place on the board';
    case 'stage':
      return nameOf(journey.stages, anchor.stage);
    case 'opportunity':
      return nameOf(journey.opportunities, anchor.opportunity);
    case 'card': {
      const card = journey.cards.find(({ id }) => id === anchor.card);
      return card === undefined ? null : short(card.text) || 'A card';
    }
    case 'cell': {
      const lane = nameOf(journey.lanes, anchor.lane);
      const stage = nameOf(journey.stages, anchor.stage);
      return lane === null || stage === null ? null : `${lane}, ${stage}`;
    }
    case 'object': {
      const object = journey.objects.find(({ id }) => id === anchor.object);
      if (object === undefined) return null;
      return (
        ('text' in object && typeof object.text === 'string' && short(object.text)) ||
        'Something on the board'
      );
    }
  }
}

const nameOf = (
  records: readonly { readonly id: string; readonly name: string }[],
  id: string
): string | null => {
  const record = records.find((one) => one.id === id);
  return record === undefined ? null : short(record.name) || 'Without a name';
};

const short = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= ABOUT_LONGEST ? line : `${line.slice(0, ABOUT_LONGEST - 1)}…`;
};

import type { ObjectIndex } from '#lib/canvas/geometry/object-index.ts';
import type { JourneyLayout } from '#lib/canvas/geometry/layout.ts';
import type { BoardPoint } from '#lib/canvas/geometry/space.ts';
import type { Remark } from '#lib/canvas/editor/types.ts';
import { aboutOf, parseAnchor, type Anchor } from '#lib/journey/anchor.ts';
import type { StageId } from '#lib/journey/ids.ts';
import type { Journey } from '#lib/journey/records.ts';

/** What the board shows of an open thread. */
export interface ThreadMark {
  readonly id: string;
  readonly anchor: string;
  readonly opener: { readonly id: string; readonly name: string };
  readonly comments: number;
  readonly unread: boolean;
}

/** The mark of everything that is said in one place. */
export interface PlacedMark {
  readonly key: string;
  readonly where: MarkPlace;
  /** What it hangs on, in words. */
  readonly about: string;
  /** The one that a press opens: the newest that is new, else the newest. */
  readonly first: ThreadMark;
  readonly threads: number;
  readonly comments: number;
  readonly unread: boolean;
}

/** On the board, at the head of a stage, or at the corner of the board for what hangs on the whole map. */
export type MarkPlace =
  | { readonly on: 'board'; readonly at: BoardPoint }
  | { readonly on: 'stage'; readonly stage: StageId }
  | { readonly on: 'map' };

/** The anchor that a place on the board means. */
export function anchorOfRemark({ hit, at }: Remark): Anchor {
  switch (hit.kind) {
    case 'card':
      return { on: 'card', card: hit.id };
    case 'cell':
    case 'chip':
    case 'addCard':
    case 'feeling':
      return { on: 'cell', lane: hit.lane, stage: hit.stage };
    case 'stage':
    case 'stageEdge':
    case 'stageMenu':
      return { on: 'stage', stage: hit.id };
    case 'way':
      return { on: 'stage', stage: hit.from };
    case 'object':
    case 'end':
      return { on: 'object', object: hit.id };
    case 'lane':
    case 'laneEdge':
    case 'laneMenu':
      return { on: 'map' };
    case 'empty':
    case 'handle':
    case 'addStage':
    case 'addLane':
      return { on: 'point', x: at.x, y: at.y };
  }
}

/** What of the board the places of marks depend on. */
export interface MarkGround {
  readonly journey: Journey;
  readonly layout: JourneyLayout;
  readonly objects: ObjectIndex;
}

const corner = ({ x, y, width }: { x: number; y: number; width: number }): MarkPlace => ({
  on: 'board',
  at: { x: x + width, y }
});

/**
 * Where the mark of an anchor is. What hung on something that is gone from the map falls back to the map; null for what
 * is there but out of sight (folded or filtered out), and for opportunities, which stand beside the board.
 */
export function placeOfMark(anchor: Anchor, { journey, layout, objects }: MarkGround): MarkPlace | null {
  if (anchor.on === 'opportunity') return aboutOf(anchor, journey) === null ? { on: 'map' } : null;
  if (aboutOf(anchor, journey) === null) return { on: 'map' };
  switch (anchor.on) {
    case 'map':
      return { on: 'map' };
    case 'point':
      return { on: 'board', at: { x: anchor.x, y: anchor.y } };
    case 'card': {
      const rect = layout.cards.get(anchor.card)?.rect;
      return rect === undefined ? null : corner(rect);
    }
    case 'cell': {
      const rect = layout.cells.get(anchor.lane, anchor.stage)?.rect;
      return rect === undefined ? null : corner(rect);
    }
    case 'object': {
      const rect = objects.get(anchor.object)?.rect;
      return rect === undefined ? null : corner(rect);
    }
    case 'stage': {
      const band = layout.bands.find(({ stage }) => stage.id === anchor.stage);
      return band === undefined ? { on: 'stage', stage: anchor.stage } : corner(band.rect);
    }
  }
}

/** One mark for each place; `threads` are newest first. */
export function placedMarks(threads: readonly ThreadMark[], ground: MarkGround): readonly PlacedMark[] {
  const byPlace = new Map<string, { where: MarkPlace; about: string; threads: ThreadMark[] }>();
  for (const thread of threads) {
    const anchor = parseAnchor(thread.anchor) ?? { on: 'map' as const };
    const where = placeOfMark(anchor, ground);
    if (where === null) continue;
    const key = where.on === 'map' ? 'map' : thread.anchor;
    const known = byPlace.get(key);
    if (known !== undefined) known.threads.push(thread);
    else
      byPlace.set(key, {
        where,
        about: where.on === 'map' ? 'the whole map' : (aboutOf(anchor, ground.journey) ?? ''),
        threads: [thread]
      });
  }
  return [...byPlace].flatMap(([key, { where, about, threads: here }]) => {
    const first = here.find(({ unread }) => unread) ?? here[0];
    if (first === undefined) return [];
    return [
      {
        key,
        where,
        about,
        first,
        threads: here.length,
        comments: here.reduce((sum, { comments }) => sum + comments, 0),
        unread: here.some(({ unread }) => unread)
      }
    ];
  });
}

/** A mark in words, for screen readers and its tooltip. */
export function markWords({ about, first, comments, threads, unread }: PlacedMark): string {
  const many = comments === 1 ? '1 comment' : `${comments} comments`;
  const in_ = threads === 1 ? '' : ` in ${threads} threads`;
  return `${many}${in_} on ${about}, begun by ${first.opener.name || 'a guest'}${unread ? ', new' : ''}`;
}

import type { ObjectId } from '#lib/journey/ids.ts';
import { isBox, type Connector, type End, type Target } from '#lib/journey/objects.ts';
import { toBoard } from '../geometry/camera.ts';
import type { Hit } from '../geometry/hit.ts';

import { centreOf } from '../geometry/space.ts';
import type { ObjectChange } from '#lib/document/object-commands.ts';
import type { ObjectHand } from './gesture.ts';
import type { PointerWord } from './types.ts';

/** What a connector takes hold of under a pointer. Mod leaves the end free. */
function targetOf(hand: ObjectHand, hit: Hit): Target | null {
  switch (hit.kind) {
    case 'object': {
      const placed = hand.objects.get(hit.id);
      return placed !== undefined && isBox(placed.object) ? { on: 'object', id: hit.id } : null;
    }
    case 'card':
      return { on: 'card', id: hit.id };
    case 'stage':
    case 'stageEdge':
    case 'stageMenu':
      return { on: 'stage', id: hit.id };
    case 'cell':
    case 'chip':
    case 'addCard':
    case 'feeling':
      return { on: 'cell', lane: hit.lane, stage: hit.stage };
    default:
      return null;
  }
}

const sameTarget = (a: Target | null, b: Target | null): boolean =>
  a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b);

/** The end of a connector where the pointer is. It never holds on to what the other end holds. */
export function endAt(hand: ObjectHand, word: PointerWord, other?: End): End {
  const { x, y } = toBoard(hand.camera, word.at);
  const target = word.mod === true ? null : targetOf(hand, hand.hitWithoutHandles(word.at));
  return { x, y, target: sameTarget(target, other?.target ?? null) ? null : target, side: 'auto' };
}

/**
 * Connectors that hold on to what goes, with those ends where they are now: a connector whose target is gone ends at
 * its last place. The target's name stays, so that taking the removal back connects it again.
 */
export function settled(hand: Pick<ObjectHand, 'objects'>, gone: ReadonlySet<string>): ObjectChange[] {
  return hand.objects.holdingOn(gone).flatMap(({ object, path }) => {
    const [first, last] = [path?.points[0], path?.points.at(-1)];
    if (first === undefined || last === undefined || gone.has(object.id)) return [];
    const at = (end: End, point: { x: number; y: number }): End =>
      end.target === null ? end : { ...end, x: Math.round(point.x), y: Math.round(point.y) };
    const after: Connector = { ...object, from: at(object.from, first), to: at(object.to, last) };
    return [{ before: object, after }];
  });
}

/** An end on the middle of a target, for connectors made without a pointer. */
export function endOn(hand: Pick<ObjectHand, 'objects'>, target: Target): End | null {
  const box = hand.objects.boxOf(target);
  if (box === null) return null;
  const { x, y } = centreOf(box);
  return { x, y, target, side: 'auto' };
}

export const objectTarget = (id: ObjectId): Target => ({ on: 'object', id });

import { LIMITS } from '#lib/journey/limits.ts';
import type { StrokePoint } from '#lib/journey/objects.ts';
import { toBoard } from '../../geometry/camera.ts';
import { distance, type ScreenPoint } from '../../geometry/space.ts';
import type { Gesture, ObjectHand } from '../gesture.ts';
import type { PointerWord } from '../types.ts';
import { drafted, DRAFT_OBJECT, newStroke } from './new-object.ts';

const FINEST = 1.5; // pixels between two points of a stroke

/** Every second point, with both ends: a stroke that grows too long for the map gets coarser, not shorter. */
function thinned(points: readonly StrokePoint[]): StrokePoint[] {
  return points.filter((_, index) => index % 2 === 0 || index === points.length - 1);
}

/** Pen and highlighter. With Shift the stroke is one straight line. */
export function strokeGesture(hand: ObjectHand, start: PointerWord, kind: 'pen' | 'highlighter'): Gesture {
  const pointOf = ({ at, pressure }: PointerWord): StrokePoint => {
    const { x, y } = toBoard(hand.camera, at);
    return [x, y, pressure ?? 0.5];
  };
  const first = pointOf(start);
  let points: StrokePoint[] = [first];
  let last: ScreenPoint = start.at;
  const show = () =>
    hand.show({
      kind: 'objects',
      shown: new Map([[DRAFT_OBJECT, drafted(newStroke(kind, points, hand.style))]]),
      guides: [],
      target: null
    });
  return {
    scrolls: false,
    move(word) {
      if (word.shift === true) points = [first, pointOf(word)];
      else if (distance(last, word.at) < FINEST) return;
      else points.push(pointOf(word));
      last = word.at;
      if (points.length > LIMITS.strokePoints) points = thinned(points);
      show();
    },
    finish: () => hand.create(newStroke(kind, points, hand.style))
  };
}

import { toBoard } from '../../geometry/camera.ts';
import type { Gesture, ObjectHand } from '../gesture.ts';
import type { PointerWord } from '../types.ts';

/** Points at things while it is pressed. Nothing of it is kept: others see it through presence alone. */
export function laserGesture(hand: ObjectHand, start: PointerWord): Gesture {
  const point = ({ at }: PointerWord) => hand.show({ kind: 'laser', at: toBoard(hand.camera, at) });
  point(start);
  return { scrolls: false, move: point, finish: () => undefined };
}

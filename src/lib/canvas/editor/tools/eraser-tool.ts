import type { ObjectId } from '#lib/journey/ids.ts';
import { toBoard } from '../../geometry/camera.ts';
import { settled } from '../connecting.ts';
import type { Gesture, ObjectHand } from '../gesture.ts';
import type { PointerWord } from '../types.ts';

/** Takes away the free objects that it passes over; locked ones and cards stay. One step, at the release. */
export function eraserGesture(hand: ObjectHand, start: PointerWord): Gesture {
  const gone = new Set<ObjectId>();
  let last = start.at;
  const rub = ({ at, touch }: PointerWord) => {
    // A quick pointer jumps: what lies between two of its places is passed over too.
    const steps = Math.max(1, Math.ceil(Math.hypot(at.x - last.x, at.y - last.y) / 6));
    for (let step = 1; step <= steps; step += 1) {
      const x = last.x + ((at.x - last.x) * step) / steps;
      const y = last.y + ((at.y - last.y) * step) / steps;
      const reach = (touch === true ? 12 : 6) / hand.camera.zoom;
      const hit = hand.objects.at(toBoard(hand.camera, { x, y }), reach);
      if (hit !== null && !hit.object.locked) gone.add(hit.object.id);
    }
    last = at;
    hand.show({ kind: 'erasing', ids: new Set(gone) });
  };
  rub(start);
  return {
    scrolls: true,
    move: rub,
    finish() {
      if (gone.size > 0) hand.document.objects.remove([...gone], settled(hand, gone));
    }
  };
}

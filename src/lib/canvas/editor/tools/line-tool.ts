import type { End } from '#lib/journey/objects.ts';
import { toBoard } from '../../geometry/camera.ts';
import { boardPoint, distance, type BoardPoint } from '../../geometry/space.ts';
import { endAt } from '../connecting.ts';
import { SLOP, type Gesture, type ObjectHand } from '../gesture.ts';
import type { PointerWord } from '../types.ts';
import { drafted, DRAFT_OBJECT, newConnector, newLine } from './new-object.ts';

/** With Shift a line keeps to the nearest of eight directions. */
function steadied(from: BoardPoint, to: BoardPoint, steady: boolean): BoardPoint {
  if (!steady) return to;
  const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / (Math.PI / 4)) * (Math.PI / 4);
  const length = distance(from, to);
  return boardPoint(from.x + Math.cos(angle) * length, from.y + Math.sin(angle) * length);
}

export function lineGesture(hand: ObjectHand, start: PointerWord): Gesture {
  const from = toBoard(hand.camera, start.at);
  let to: BoardPoint | null = null;
  return {
    scrolls: true,
    move(word) {
      if (to === null && distance(start.at, word.at) <= SLOP.mouse) return;
      to = steadied(from, toBoard(hand.camera, word.at), word.shift === true);
      const object = drafted(newLine(from, to, hand.style));
      hand.show({ kind: 'objects', shown: new Map([[DRAFT_OBJECT, object]]), guides: [], target: null });
    },
    finish() {
      if (to !== null) hand.create(newLine(from, to, hand.style));
    }
  };
}

/** A connector from what is under the press to what is under the release; over nothing its end is free. */
export function connectorGesture(hand: ObjectHand, start: PointerWord): Gesture {
  const from = endAt(hand, start);
  let to: End | null = null;
  return {
    scrolls: true,
    move(word) {
      if (to === null && distance(start.at, word.at) <= SLOP.mouse) return;
      to = endAt(hand, word, from);
      const object = drafted(newConnector(from, to, hand.style));
      hand.show({
        kind: 'objects',
        shown: new Map([[DRAFT_OBJECT, object]]),
        guides: [],
        target: to.target === null ? null : hand.objects.boxOf(to.target)
      });
    },
    finish() {
      if (to !== null) hand.create(newConnector(from, to, hand.style));
    }
  };
}

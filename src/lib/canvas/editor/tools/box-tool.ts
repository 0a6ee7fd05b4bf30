import { toBoard } from '../../geometry/camera.ts';
import { boardRect, distance, rectBetween, type BoardPoint, type BoardRect } from '../../geometry/space.ts';
import { SLOP, type Gesture, type ObjectHand } from '../gesture.ts';
import type { PointerWord } from '../types.ts';
import { drafted, DRAFT_OBJECT, newBox, USUAL_SIZE } from './new-object.ts';
import type { BoxTool } from './tool-ids.ts';

/** The box that a drag draws: Shift makes it a square, Alt draws it from its middle. */
function drawn(from: BoardPoint, to: BoardPoint, { shift, alt }: PointerWord): BoardRect {
  let [dx, dy] = [to.x - from.x, to.y - from.y];
  if (shift === true) {
    const side = Math.max(Math.abs(dx), Math.abs(dy));
    [dx, dy] = [Math.sign(dx || 1) * side, Math.sign(dy || 1) * side];
  }
  const start = alt === true ? { x: from.x - dx, y: from.y - dy } : from;
  return rectBetween(start, { x: from.x + dx, y: from.y + dy });
}

/** Where a box goes that was placed by a press alone: around the point; a text begins at it. */
export function placedAt(tool: BoxTool, at: BoardPoint): BoardRect {
  const { width, height } = USUAL_SIZE[tool];
  const x = tool === 'text' ? at.x : at.x - width / 2;
  return boardRect(x, at.y - height / 2, width, height);
}

/** Notes, texts, shapes, frames and stamps: a press puts one of the usual size, a drag draws it. */
export function boxGesture(hand: ObjectHand, start: PointerWord, tool: BoxTool): Gesture {
  const from = toBoard(hand.camera, start.at);
  let rect: BoardRect | null = null;
  return {
    scrolls: true,
    move(word) {
      const far = distance(start.at, word.at) > (word.touch === true ? SLOP.touch : SLOP.mouse);
      if (!far && rect === null) return;
      const keepsRatio = tool === 'stamp' || tool === 'sticky';
      rect = drawn(from, toBoard(hand.camera, word.at), keepsRatio ? { ...word, shift: true } : word);
      const object = drafted(newBox(tool, rect, hand.style));
      hand.show({ kind: 'objects', shown: new Map([[DRAFT_OBJECT, object]]), guides: [], target: null });
    },
    finish() {
      const tiny = rect === null || (rect.width < 8 && rect.height < 8);
      hand.create(newBox(tool, tiny ? placedAt(tool, from) : (rect ?? placedAt(tool, from)), hand.style));
    }
  };
}

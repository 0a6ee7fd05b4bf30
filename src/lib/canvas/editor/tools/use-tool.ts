import type { Gesture, ObjectHand } from '../gesture.ts';
import type { PointerWord } from '../types.ts';
import { boxGesture } from './box-tool.ts';
import { eraserGesture } from './eraser-tool.ts';
import { laserGesture } from './laser-tool.ts';
import { connectorGesture, lineGesture } from './line-tool.ts';
import { strokeGesture } from './pen-tool.ts';
import { isBoxTool, type ToolId } from './tool-ids.ts';

/** The gesture that a press with a tool begins; null for the tools that work on what is there. */
export function gestureOf(tool: ToolId, hand: ObjectHand, word: PointerWord): Gesture | null {
  if (isBoxTool(tool)) return boxGesture(hand, word, tool);
  switch (tool) {
    case 'line':
      return lineGesture(hand, word);
    case 'connector':
      return connectorGesture(hand, word);
    case 'pen':
    case 'highlighter':
      return strokeGesture(hand, word, tool);
    case 'eraser':
      return eraserGesture(hand, word);
    case 'laser':
      return laserGesture(hand, word);
    case 'comment':
    case 'select':
    case 'hand':
      return null;
  }
}

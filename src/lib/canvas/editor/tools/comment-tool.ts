import type { Editor } from '../editor.ts';
import type { Gesture } from '../gesture.ts';
import type { PointerWord } from '../types.ts';

/** Points at something to say a word about it: at what is under the release, or with Alt at the point itself. */
export function remarkGesture(editor: Pick<Editor, 'remarkAt'>, start: PointerWord): Gesture {
  let { at } = start;
  return {
    scrolls: false,
    move: (word) => (at = word.at),
    finish: () => editor.remarkAt(at, start.alt === true, start.touch)
  };
}

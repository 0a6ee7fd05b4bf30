import type { Editor } from '../editor/editor.ts';
import type { Pen } from './pen.ts';
import type { BoardTheme } from './theme.ts';

/** What every painter looks at. */
export interface Scene {
  readonly editor: Editor;
  readonly theme: BoardTheme;
}

/** Below this zoom a line of text is less than five pixels high: cards become blocks of their lane's hue. */
export const OVERVIEW = 0.25;

/** Draws in board units. */
export function onBoard(pen: Pen, { editor }: Scene, draw: () => void): void {
  const { x, y, zoom } = editor.camera;
  pen.save();
  pen.scale(zoom, zoom);
  pen.translate(-x, -y);
  draw();
  pen.restore();
}

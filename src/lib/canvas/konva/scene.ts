import type { Editor } from '../editor/editor.ts';
import type { Camera } from '../geometry/camera.ts';
import type { Size } from '../geometry/space.ts';
import type { ImageCache } from './image-cache.ts';
import type { Pen } from './pen.ts';
import type { BoardTheme } from './theme.ts';

/** What every painter looks at. */
export interface Scene {
  readonly editor: Editor;
  readonly theme: BoardTheme;
  /** Where it is seen from: the editor's camera, or that of a part of the board which is painted once and kept. */
  readonly camera: Camera;
  readonly viewport: Size;
  /** Cards as blocks at any zoom, where a moment's stand-in has to be quick. */
  readonly rough?: boolean;
}

/** What the painters of free objects look at besides. */
export interface ObjectScene extends Scene {
  readonly images: ImageCache;
}

/** True when cards are drawn as blocks of their lane's hue. */
export const inBlocks = ({ camera, rough }: Scene): boolean => camera.zoom < OVERVIEW || rough === true;

/** Below this zoom a line of text is less than five pixels high: cards become blocks of their lane's hue. */
export const OVERVIEW = 0.25;

/** Draws in board units. */
export function onBoard(pen: Pen, { camera: { x, y, zoom } }: Scene, draw: () => void): void {
  pen.save();
  pen.scale(zoom, zoom);
  pen.translate(-x, -y);
  draw();
  pen.restore();
}

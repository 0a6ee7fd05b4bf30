import type { ImageObject } from '#lib/journey/objects.ts';
import type { BoardRect } from '../geometry/space.ts';
import { fillRound, font, strokeRound, type Pen } from './pen.ts';
import type { ObjectScene } from './scene.ts';

/** A picture, or while it is not there what stands in its place: that it comes, or that it can't. */
export function paintImage(pen: Pen, scene: ObjectScene, object: ImageObject, rect: BoardRect): void {
  const { theme, images, camera } = scene;
  const picture = images.get(object.hash);
  if (picture.state === 'ready') {
    pen.imageSmoothingQuality = 'medium';
    pen.drawImage(picture.bitmap, rect.x, rect.y, rect.width, rect.height);
    return;
  }
  fillRound(pen, rect, 4, theme.surface2);
  strokeRound(pen, rect, 4, theme.line, 1);
  if (rect.width * camera.zoom < 90) return;
  pen.font = font(13, 400);
  pen.fillStyle = theme.ink2;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const words = picture.state === 'loading' ? 'Loading…' : 'This picture is missing';
  pen.fillText(words, rect.x + rect.width / 2, rect.y + rect.height / 2, rect.width - 12);
}

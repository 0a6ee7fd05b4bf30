import {
  clampZoom,
  fitted,
  panned,
  rectToScreen,
  ZOOM,
  zoomedAt,
  type Camera,
  type Insets
} from '../geometry/camera.ts';
import { FRAME, titleWidth } from '../geometry/frame.ts';
import { screenPoint, type BoardRect, type ScreenPoint, type Size } from '../geometry/space.ts';

const GLIDE = 160; // ms

interface Glide {
  readonly from: Camera;
  readonly to: Camera;
  elapsed: number;
}

/** The camera over a viewport: pans, zooms, fits, and glides when told to show something. */
export class View {
  camera: Camera = { x: -FRAME.title - 24, y: -FRAME.header - 24, zoom: 1 };
  viewport: Size = { width: 1024, height: 700 };
  /** False where the person asked for less motion: the camera then jumps. */
  glides = true;
  /** The person has moved the view, with the pointer, a key or a button: it is theirs from then on. */
  taken = false;
  #glide: Glide | null = null;
  readonly #changed: () => void;
  readonly #strip: () => number;

  /** `strip`: pixels that are taken above the stage heads. */
  constructor(changed: () => void, strip: () => number = () => 0) {
    this.#changed = changed;
    this.#strip = strip;
  }

  get moving(): boolean {
    return this.#glide !== null;
  }

  resize(viewport: Size): void {
    if (viewport.width === this.viewport.width && viewport.height === this.viewport.height) return;
    this.viewport = viewport;
    this.#changed();
  }

  panBy(dx: number, dy: number): void {
    this.taken = true;
    this.#jump(panned(this.camera, dx, dy));
  }

  /** Multiplies the zoom, keeping the board point under `anchor` where it is. */
  zoomBy(factor: number, anchor: ScreenPoint = this.middle): void {
    this.taken = true;
    this.#jump(zoomedAt(this.camera, anchor, this.camera.zoom * factor));
  }

  zoomTo(zoom: number, anchor: ScreenPoint = this.middle): void {
    this.taken = true;
    this.#go(zoomedAt(this.camera, anchor, clampZoom(zoom)));
  }

  /** Shows all of `rect`, no larger than 100%. */
  fit(rect: BoardRect, animate = true): void {
    const camera = fitted(rect, this.viewport, this.#insets());
    this.taken ||= animate;
    if (animate) this.#go(camera);
    else this.#jump(camera);
  }

  /** Shows all of `rect`, as large as it fits, at once: somebody else's view. */
  fill(rect: BoardRect): void {
    this.taken = true;
    this.#jump(fitted(rect, this.viewport, { left: 0, top: 0, right: 0, bottom: 0 }, ZOOM.max));
  }

  /** Shows the board's upper left corner. */
  start(zoom: number): void {
    const { left, top } = this.#insets();
    this.#jump({ x: -left / zoom, y: -top / zoom, zoom });
  }

  /** Moves no further than needed to have `rect` in view; its start has precedence when it is too large. */
  reveal(rect: BoardRect): void {
    const on = rectToScreen(this.camera, rect);
    const { left, top, right, bottom } = this.#insets();
    const shift = (start: number, size: number, from: number, to: number) => {
      if (start < from || size > to - from) return start - from;
      return start + size > to ? start + size - to : 0;
    };
    const dx = shift(on.x, on.width, left, this.viewport.width - right);
    const dy = shift(on.y, on.height, top, this.viewport.height - bottom);
    const hidden = on.x + on.width < left || on.x > this.viewport.width - right;
    if (dx === 0 && dy === 0) return;
    // A lane as wide as the map is in view already when any of it is; panning to its start would only disturb.
    this.#go(panned(this.camera, on.width > this.viewport.width && !hidden ? 0 : dx, dy));
  }

  tick(ms: number): void {
    const glide = this.#glide;
    if (glide === null) return;
    glide.elapsed += ms;
    const done = Math.min(1, glide.elapsed / GLIDE);
    const eased = 1 - (1 - done) ** 3;
    const mix = (a: number, b: number) => a + (b - a) * eased;
    const { from, to } = glide;
    this.camera =
      done === 1
        ? to
        : {
            x: mix(from.x, to.x),
            y: mix(from.y, to.y),
            zoom: from.zoom * (to.zoom / from.zoom) ** eased
          };
    if (done === 1) this.#glide = null;
    this.#changed();
  }

  get middle(): ScreenPoint {
    return screenPoint(this.viewport.width / 2, this.viewport.height / 2);
  }

  #insets(): Insets {
    const narrow = this.viewport.width < FRAME.narrow;
    const edge = narrow ? 12 : 32;
    return {
      left: titleWidth(this.viewport) + (narrow ? 0 : 12),
      top: this.#strip() + FRAME.header + (narrow ? 8 : 16),
      right: edge,
      bottom: narrow ? 72 : 56
    };
  }

  #jump(camera: Camera): void {
    this.#glide = null;
    this.camera = camera;
    this.#changed();
  }

  #go(camera: Camera): void {
    if (!this.glides) return this.#jump(camera);
    this.#glide = { from: this.camera, to: camera, elapsed: 0 };
    this.#changed();
  }
}

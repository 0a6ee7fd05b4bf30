import { toBoard, toScreen, type Camera } from '../geometry/camera.ts';
import { frameOf, type Frame } from '../geometry/frame.ts';
import { hitTest, isOnHeads, type Hit } from '../geometry/hit.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import { boundsOf, type BoardPoint, type BoardRect, type ScreenPoint, type Size } from '../geometry/space.ts';
import { handleAt } from './handle-hits.ts';
import { rectOfIds, rectsOfSelection } from './selecting.ts';
import type { Selection } from './selection.ts';
import { ShownMap } from './shown-map.ts';
import type { ToolId } from './tools/tool-ids.ts';
import type { Flash } from './types.ts';
import { View } from './view.ts';
import { stripHeight, wayAt, wayLines, waysOf, type Way } from '../geometry/ways.ts';

const FLASH = 1600; // ms
const READABLE = 0.75; // the least zoom of a first look: cards are meant to be read
const STEPS = [0.05, 0.1, 0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];

/** The map under a camera: where a person looks, what lies under a point of the screen, what is pointed out. */
export abstract class SeenMap extends ShownMap {
  readonly #view = new View(
    () => this.emit('camera'),
    () => stripHeight(this.ways)
  );
  #ways: { of: readonly unknown[]; ways: readonly Way[] } | null = null;
  #frame: { of: readonly [JourneyLayout, Camera, Size, readonly Way[]]; frame: Frame } | null = null;
  #flash: Flash | null = null;
  #clock = 0;

  abstract get selection(): Selection;
  abstract get tool(): ToolId;

  get camera(): Camera {
    return this.#view.camera;
  }

  get viewport(): Size {
    return this.#view.viewport;
  }

  resizeViewport(size: Size): void {
    this.#view.resize(size);
  }

  /** Positive moves the view right and down over the board; in screen pixels. */
  panBy(dx: number, dy: number): void {
    this.#view.panBy(dx, dy);
  }

  zoomBy(factor: number, anchor?: ScreenPoint): void {
    this.#view.zoomBy(factor, anchor);
  }

  zoomTo100(): void {
    this.#view.zoomTo(1);
  }

  /** One step in (above 1) or out, to the next of the usual percentages. */
  zoomStep(direction: 1 | -1): void {
    const { zoom } = this.camera;
    const next =
      direction === 1
        ? STEPS.find((step) => step > zoom * 1.01)
        : STEPS.findLast((step) => step < zoom * 0.99);
    if (next !== undefined) this.#view.zoomTo(next);
  }

  fitAll(animate = true): void {
    this.#view.fit(this.bounds, animate);
  }

  /** True once the person has moved the view; what opens or closes beside the board then leaves it alone. */
  get viewTaken(): boolean {
    return this.#view.taken;
  }

  /** The first look at a map: all of it, or from its start where all of it would be too small to read. */
  showStart(): void {
    this.fitAll(false);
    if (this.camera.zoom < READABLE) this.#view.start(READABLE);
  }

  /** Shows a part of the board at once, as large as it fits. */
  fillView(rect: BoardRect): void {
    this.#view.fill(rect);
  }

  fitSelection(): void {
    const rect = this.#selected;
    if (rect !== null) this.#view.fit(rect);
  }

  /** Pans until the rectangle is in view. */
  reveal(rect: BoardRect): void {
    this.#view.reveal(rect);
  }

  revealSelection(): void {
    const rect = this.#selected;
    if (rect !== null) this.reveal(rect);
  }

  get #selected(): BoardRect | null {
    return boundsOf(rectsOfSelection(this.layout, this.objects, this.selection));
  }

  /** Moves the view so that the point is in the middle of what the heads leave free. */
  centreOn(point: BoardPoint): void {
    const { body } = this.frame;
    const now = toScreen(this.camera, point);
    this.panBy(now.x - body.x - body.width / 2, now.y - body.y - body.height / 2);
  }

  /** False: the camera jumps instead of gliding. */
  set motion(on: boolean) {
    this.#view.glides = on;
  }
  get glides(): boolean {
    return this.#view.glides;
  }

  /** Where the heads of stages and lanes stand on the screen. */
  get frame(): Frame {
    const { layout, camera, viewport, ways } = this;
    const of = this.#frame?.of;
    if (of?.[0] !== layout || of[1] !== camera || of[2] !== viewport || of[3] !== ways)
      this.#frame = {
        of: [layout, camera, viewport, ways],
        frame: frameOf(layout, camera, viewport, stripHeight(ways))
      };
    return (this.#frame as { frame: Frame }).frame;
  }

  /** The ways between stages that are drawn as lines. */
  get ways(): readonly Way[] {
    const { stages, metrics } = this.journey;
    const of = this.#ways?.of;
    if (of?.[0] !== stages || of[1] !== metrics)
      this.#ways = { of: [stages, metrics], ways: waysOf({ stages, metrics }) };
    return (this.#ways as { ways: readonly Way[] }).ways;
  }

  // --- what is under a point ---------------------------------------------------------------------------------------

  hit(at: ScreenPoint, touch = false): Hit {
    const under = this.hitWithoutHandles(at, touch);
    const handle = isOnHeads(under) || this.tool !== 'select' ? null : handleAt(this, at, touch);
    return handle ?? under;
  }

  hitWithoutHandles(at: ScreenPoint, touch = false): Hit {
    const reach = touch ? 12 : 5;
    const hit = hitTest(this.layout, this.frame, this.camera, at, reach);
    if (isOnHeads(hit)) return hit;
    const way = hit.kind === 'empty' ? this.#wayAt(at, reach) : null;
    if (way !== null) return { kind: 'way', from: way.from, to: way.to };
    const object = this.objects.at(toBoard(this.camera, at), reach / this.camera.zoom);
    return object === null ? hit : { kind: 'object', id: object.object.id };
  }

  #wayAt(at: ScreenPoint, reach: number): Way | null {
    const { ways, layout, camera, frame } = this;
    if (ways.length === 0 || at.x < frame.body.x) return null;
    return wayAt(wayLines(ways, layout, camera, frame.headerTop), at, reach);
  }

  // --- pointing out ------------------------------------------------------------------------------------------------

  /** Shows a place for a moment: a stage, a lane, or with both ids a cell. */
  flash(ids: readonly string[]): void {
    const rect = rectOfIds(this.layout, this.objects, ids);
    if (rect !== null) this.reveal(rect);
    this.#flash = { ids, until: this.#clock + FLASH };
    this.emit('flash');
  }

  get flashing(): { readonly ids: readonly string[]; readonly strength: number } | null {
    if (this.#flash === null) return null;
    return { ids: this.#flash.ids, strength: Math.max(0, (this.#flash.until - this.#clock) / FLASH) };
  }

  /** True while time must be told to the editor. */
  get needsTicks(): boolean {
    return this.#view.moving || this.#flash !== null;
  }

  /** Lets `ms` pass: glides, flashes. */
  tick(ms: number): void {
    this.#clock += ms;
    this.#view.tick(ms);
    if (this.#flash === null) return;
    if (this.#clock >= this.#flash.until) this.#flash = null;
    this.emit('flash');
  }
}

// By its parts: the whole brings tweens and groups along, which nothing here uses.
import { Layer } from 'konva/lib/Layer.js';
import { Shape } from 'konva/lib/Shape.js';
import { Stage } from 'konva/lib/Stage.js';
import type { Editor } from '../editor/editor.ts';
import type { EditorAspect, GestureView } from '../editor/types.ts';
import { BoardContent } from './board-content.ts';
import { CarriedThings } from './carried.ts';
import { paintDragged } from './paint-dragged.ts';
import { paintHeads } from './paint-heads.ts';
import { paintPreviewedObjects } from './paint-objects.ts';
import { paintOverlay } from './paint-overlay.ts';
import { ImageCache, type LoadPicture } from './image-cache.ts';
import { Lasers, OWN } from './laser.ts';
import { forgetLines, type Pen } from './pen.ts';
import { People } from './people.ts';
import type { ObjectScene } from './scene.ts';
import { CARD_FONT, FONT, readTheme, watchTheme } from './theme.ts';

export interface MountOptions {
  /** After each frame that drew something. */
  readonly onFrame?: () => void;
  /** Where pictures come from; without it their places stay empty. */
  readonly loadPicture?: LoadPicture;
}

type LayerName = 'content' | 'drag' | 'overlay' | 'heads' | 'people';

/** Which layers show an aspect of the editor: a hover does not redraw the cards. */
const SHOWN_BY: Readonly<Record<EditorAspect, readonly LayerName[]>> = {
  camera: ['content', 'drag', 'overlay', 'heads', 'people'],
  layout: ['content', 'drag', 'overlay', 'heads'],
  selection: ['overlay', 'heads'],
  hovered: ['overlay', 'heads'],
  gesture: ['drag', 'overlay', 'heads'],
  tool: ['content', 'overlay'],
  editing: ['content', 'overlay', 'heads'],
  finishing: [],
  flash: ['overlay'],
  found: ['overlay'],
  look: [],
  companions: ['drag', 'overlay', 'people'],
  remark: [],
  menu: []
};

/**
 * Draws the editor's board into `container` until it is destroyed. Each layer is one Konva shape whose painter asks
 * the layout's index for what is near the view, so a frame costs what is in sight; there is no node for each card.
 * The cards are kept as bitmaps, see `tiles.ts`.
 * At most one redraw an animation frame, of the layers that show what changed. Nothing listens to the pointer here.
 */
export function mountBoard(
  container: HTMLDivElement,
  editor: Editor,
  options: MountOptions = {}
): { destroy: () => void } {
  const people = new People();
  const lasers = new Lasers();
  let theme = readTheme(container);
  const images = new ImageCache(options.loadPicture, () => {
    content.repaintPictures(performance.now());
    schedule('content', 'drag');
  });
  const scene: ObjectScene = {
    editor,
    images,
    get theme() {
      return theme;
    },
    get camera() {
      return editor.camera;
    },
    get viewport() {
      return editor.viewport;
    }
  };
  const later = new Map<LayerName, ReturnType<typeof setTimeout>>();
  /** A layer wants to be drawn again in some ms though nothing will have changed. */
  const again = (name: LayerName, ms: number | null): void => {
    clearTimeout(later.get(name));
    if (ms !== null)
      later.set(
        name,
        setTimeout(() => schedule(name), ms)
      );
  };
  const content = new BoardContent(scene);
  const carried = new CarriedThings(scene);
  const ratio = () => layers.get('content')?.getCanvas().getPixelRatio() ?? devicePixelRatio;
  const painters: Readonly<Record<LayerName, (pen: Pen) => void>> = {
    content: (pen) => again('content', content.draw(pen, ratio(), performance.now())),
    overlay: (pen) => paintOverlay(pen, scene),
    drag(pen) {
      paintDragged(pen, scene);
      paintPreviewedObjects(pen, scene);
      again('drag', carried.draw(pen, ratio(), performance.now()));
    },
    heads: (pen) => paintHeads(pen, scene),
    people(pen) {
      lasers.paint(pen, scene);
      people.paint(pen, scene);
    }
  };

  const stage = new Stage({ container, width: 1, height: 1, listening: false });
  const layers = new Map<LayerName, Layer>();
  for (const name of ['content', 'overlay', 'drag', 'heads', 'people'] as const) {
    const layer = new Layer({ listening: false });
    layer.add(new Shape({ listening: false, sceneFunc: (context) => painters[name](context._context) }));
    stage.add(layer);
    layers.set(name, layer);
  }

  const dirty = new Set<LayerName>(layers.keys());
  let frame = 0;
  let last = 0;
  let pointed = false;
  let elsewhere: unknown = null;
  const draw = (now: number): void => {
    const elapsed = Math.min(64, now - last);
    last = now;
    frame = 0;
    if (editor.needsTicks) editor.tick(elapsed);
    const pointing = lasers.advance(elapsed);
    if (people.advance(elapsed) || pointing || pointed) dirty.add('people');
    pointed = pointing;
    const busy = dirty.has('people') || editor.needsTicks;
    for (const name of dirty) layers.get(name)?.drawScene();
    dirty.clear();
    options.onFrame?.();
    if (busy) schedule();
  };
  const schedule = (...names: readonly LayerName[]): void => {
    for (const name of names) dirty.add(name);
    if (frame !== 0) return;
    if (last === 0 || performance.now() - last > 100) last = performance.now();
    frame = requestAnimationFrame(draw);
  };
  const all = () => schedule(...layers.keys());

  const unsubscribe = editor.subscribe((aspect) => {
    if (aspect === 'companions') {
      people.set(editor.companions);
      lasers.set(editor.companions);
    }
    if (aspect === 'gesture') {
      const { gesture } = editor;
      lasers.point(OWN, theme.negative, gesture.kind === 'laser' ? gesture.at : null);
      if (gesture.kind === 'laser') schedule('people');
    }
    schedule(...SHOWN_BY[aspect]);
    if (aspect === 'gesture' && isElsewhere()) schedule('content');
  });
  people.set(editor.companions);

  /** What a gesture shows elsewhere leaves its place, and comes back. */
  function isElsewhere(): boolean {
    const before = elsewhere;
    elsewhere = awayOf(editor.gesture);
    return before !== elsewhere;
  }

  const resize = (): void => {
    const { clientWidth: width, clientHeight: height } = container;
    if (width === 0 || height === 0) return;
    stage.size({ width, height });
    editor.resizeViewport({ width, height });
    all();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  resize();

  const stopTheme = watchTheme(() => {
    theme = readTheme(container);
    all();
  });
  const stopDensity = watchDensity((ratio) => {
    for (const layer of layers.values()) layer.getCanvas().setPixelRatio(ratio);
    resize();
  });
  let gone = false;
  void Promise.all([CARD_FONT, `600 15px ${FONT}`].map((font) => document.fonts.load(font))).then(() => {
    if (gone) return;
    forgetLines();
    content.forget();
    editor.remeasure();
    all();
  });

  return {
    destroy() {
      gone = true;
      cancelAnimationFrame(frame);
      for (const timer of later.values()) clearTimeout(timer);
      unsubscribe();
      observer.disconnect();
      stopTheme();
      stopDensity();
      images.destroy();
      stage.destroy();
    }
  };
}

/** Something that is another whenever a gesture takes other things out of their places, or changes their look there. */
function awayOf(gesture: GestureView): unknown {
  switch (gesture.kind) {
    case 'cards':
      return gesture.copies ? null : gesture.ids;
    case 'objects':
      if (gesture.moving !== undefined) return gesture.moving.copies ? null : gesture.moving.ids;
      return [...gesture.shown.keys()].join();
    case 'erasing':
      return gesture.ids;
    default:
      return null;
  }
}

/** Calls back when the window moved to a screen of another pixel density. */
function watchDensity(changed: (ratio: number) => void): () => void {
  let query: MediaQueryList | null = null;
  const onChange = (): void => {
    changed(devicePixelRatio);
    watch();
  };
  const watch = (): void => {
    query?.removeEventListener('change', onChange);
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener('change', onChange);
  };
  watch();
  return () => query?.removeEventListener('change', onChange);
}

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestEditor } from '#lib/canvas/editor/test-editor.ts';
import { toBoard } from '#lib/canvas/geometry/camera.ts';
import { screenPoint, type ScreenPoint } from '#lib/canvas/geometry/space.ts';
import { listenToPointers, placeOn } from './pointer-input.ts';
import { guessWheel, listenToWheel, type WheelSettings } from './wheel-input.ts';

let editor: TestEditor;
let host: HTMLDivElement;
let undone: number;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  host = document.createElement('div');
  host.setPointerCapture = () => undefined;
  document.body.append(host);
  editor = new TestEditor();
  undone = 0;
  stop = listenToPointers(host, editor, {
    onCursor: () => undefined,
    onPress: () => undefined,
    onTwoFingerTap: () => (undone += 1)
  });
});
afterEach(() => {
  stop();
  host.remove();
  vi.useRealTimers();
});

type Kind = 'mouse' | 'touch' | 'pen';
const send = (type: string, at: ScreenPoint, pointerType: Kind, pointerId = 1, time = 0) => {
  const event = new PointerEvent(`pointer${type}`, {
    clientX: at.x,
    clientY: at.y,
    pointerType,
    pointerId,
    button: 0,
    buttons: type === 'up' ? 0 : 1,
    bubbles: true
  });
  Object.defineProperty(event, 'timeStamp', { value: time });
  host.dispatchEvent(event);
};
const drag = (from: ScreenPoint, to: ScreenPoint, kind: Kind) => {
  send('down', from, kind);
  send('move', to, kind);
  send('up', to, kind);
};
const by = ({ x, y }: ScreenPoint, dx: number, dy: number): ScreenPoint => ({ x: x + dx, y: y + dy });

describe('Touch', () => {
  it('One finger: on a card moves it, on the paper the view', () => {
    const card = editor.card(0, 0);
    drag(editor.cardAt(card), editor.cellAt(2, 2), 'touch');
    expect(editor.journey.cards[0]).toMatchObject({ stage: editor.stages[2], lane: editor.lanes[2] });
    const before = editor.camera;
    drag(editor.cellAt(1, 0), by(editor.cellAt(1, 0), -50, 0), 'touch');
    expect(editor.camera.x).toBeCloseTo(before.x + 50 / before.zoom, 6);
  });

  it('Two fingers: pan and pinch', () => {
    const [a, b] = [editor.cellAt(0, 0), editor.cellAt(1, 0)];
    const zoom = editor.camera.zoom;
    send('down', a, 'touch', 1);
    send('down', b, 'touch', 2);
    send('move', by(a, -40, 0), 'touch', 1);
    send('move', by(b, 40, 0), 'touch', 2);
    expect(editor.camera.zoom).toBeGreaterThan(zoom * 1.1);
    expect(editor.gesture.kind).toBe('none');
    send('up', a, 'touch', 1);
    const { camera } = editor;
    send('move', by(b, 90, 60), 'touch', 2);
    send('up', b, 'touch', 2);
    expect(editor.camera).toEqual(camera);
    expect(undone).toBe(0);
  });

  it('One finger: draws with a tool in hand', () => {
    editor.tool = 'pen';
    drag(editor.cellAt(0, 0), editor.cellAt(1, 1), 'touch');
    expect(editor.journey.objects.map(({ kind }) => kind)).toEqual(['pen']);
  });

  it('Zoom anchor: the point between two fingers stays between them', () => {
    const [a, b] = [editor.cellAt(0, 0), editor.cellAt(1, 0)];
    const middle = screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
    const before = toBoard(editor.camera, middle);
    send('down', a, 'touch', 1);
    send('down', b, 'touch', 2);
    for (const step of [1, 2, 3]) {
      send('move', by(a, -20 * step, 0), 'touch', 1);
      send('move', by(b, 20 * step, 0), 'touch', 2);
    }
    const after = toBoard(editor.camera, middle);
    expect(editor.camera.zoom).toBeGreaterThan(1.1 * 0.5);
    expect([after.x, after.y]).toEqual([
      expect.closeTo(before.x, 3) as number,
      expect.closeTo(before.y, 3) as number
    ]);
  });

  it('Long press: opens the menu of what lies there', () => {
    const card = editor.card(0, 0);
    send('down', editor.cardAt(card), 'touch');
    vi.advanceTimersByTime(520);
    expect(editor.menu?.hit).toMatchObject({ kind: 'card', id: card });
    send('up', editor.cardAt(card), 'touch');
    editor.openMenu(null);
    send('down', editor.cardAt(card), 'touch');
    send('move', by(editor.cardAt(card), 30, 0), 'touch');
    vi.advanceTimersByTime(520);
    expect(editor.menu).toBeNull();
  });

  it('Two-finger tap: undoes; a slow one, a pinch and three fingers do not', () => {
    const [a, b, c] = [editor.cellAt(0, 0), editor.cellAt(1, 0), editor.cellAt(2, 0)];
    const tap = (from: number, until: number) => {
      send('down', a, 'touch', 1, from);
      send('down', b, 'touch', 2, from + 10);
      send('up', a, 'touch', 1, until);
      send('up', b, 'touch', 2, until + 10);
    };
    tap(0, 120);
    expect(undone).toBe(1);
    tap(1000, 1800);
    expect(undone).toBe(1);
    send('down', a, 'touch', 1, 2000);
    send('down', b, 'touch', 2, 2010);
    send('down', c, 'touch', 3, 2020);
    for (const id of [1, 2, 3]) send('up', a, 'touch', id, 2100);
    expect(undone).toBe(1);
  });

  it('Pen: once it was seen, the pen acts and the finger pans', () => {
    const card = editor.card(0, 0);
    drag(editor.cardAt(card), editor.cellAt(1, 0), 'pen');
    expect(editor.journey.cards[0]?.stage).toBe(editor.stages[1]);
    const before = editor.camera;
    drag(editor.cardAt(card), by(editor.cardAt(card), -60, 0), 'touch');
    expect(editor.journey.cards[0]?.stage).toBe(editor.stages[1]);
    expect(editor.camera.x).toBeCloseTo(before.x + 60 / before.zoom, 6);
  });

  it('Palm: a hand on the glass beside the pen does nothing', () => {
    const card = editor.card(1, 0);
    const { camera } = editor;
    send('down', editor.cardAt(card), 'pen', 1);
    send('down', { x: 700, y: 500 }, 'touch', 2);
    send('move', { x: 760, y: 560 }, 'touch', 2);
    send('move', editor.cellAt(2, 2), 'pen', 1);
    expect(editor.gesture.kind).toBe('cards');
    send('up', { x: 760, y: 560 }, 'touch', 2);
    send('up', editor.cellAt(2, 2), 'pen', 1);
    expect(editor.journey.cards[0]?.stage).toBe(editor.stages[2]);
    expect(editor.camera).toEqual(camera);
  });

  it('Double-click: two quick taps open the text', () => {
    const card = editor.card(0, 0);
    for (const time of [0, 180]) {
      send('down', editor.cardAt(card), 'touch', 1, time);
      send('up', editor.cardAt(card), 'touch', 1, time + 40);
    }
    expect(editor.editing).toEqual({ kind: 'card', id: card });
  });
});

describe('Wheel', () => {
  const listen = (settings: WheelSettings) => {
    const guesses: string[] = [];
    const off = listenToWheel(host, editor, placeOn(host), settings, (mode) => guesses.push(mode));
    const turn = (init: WheelEventInit) => {
      const event = new WheelEvent('wheel', { cancelable: true, ...init });
      // The test's DOM leaves out of a wheel's event what it has from the mouse.
      const { ctrlKey = false, shiftKey = false, clientX = 500, clientY = 300 } = init;
      for (const [name, value] of Object.entries({
        ctrlKey,
        shiftKey,
        metaKey: false,
        clientX,
        clientY
      }))
        Object.defineProperty(event, name, { value });
      host.dispatchEvent(event);
    };
    return { guesses, off, turn };
  };

  it('Wheel: in trackpad mode pans, and zooms at the pointer with Mod or a pinch', () => {
    const { turn, off, guesses } = listen({ wheel: 'trackpad' });
    const before = editor.camera;
    turn({ deltaX: 30, deltaY: 20 });
    expect(editor.camera.x).toBeCloseTo(before.x + 30 / before.zoom, 6);
    turn({ deltaY: -10, ctrlKey: true });
    expect(editor.camera.zoom).toBeGreaterThan(before.zoom);
    expect(guesses).toEqual([]);
    off();
  });

  it('Zoom anchor: the point under the pointer stays under it', () => {
    const { turn, off } = listen({ wheel: 'mouse' });
    const at = screenPoint(400, 300);
    const before = toBoard(editor.camera, at);
    turn({ deltaY: -80, clientX: at.x, clientY: at.y });
    const after = toBoard(editor.camera, at);
    expect([after.x, after.y]).toEqual([
      expect.closeTo(before.x, 6) as number,
      expect.closeTo(before.y, 6) as number
    ]);
    off();
  });

  it('Wheel: in mouse mode zooms at the pointer, and with Shift pans sideways', () => {
    const { turn, off } = listen({ wheel: 'mouse' });
    const { zoom } = editor.camera;
    turn({ deltaY: -100 });
    expect(editor.camera.zoom).toBeGreaterThan(zoom);
    const before = editor.camera;
    turn({ deltaY: 100, shiftKey: true });
    expect(editor.camera.zoom).toBe(before.zoom);
    expect(editor.camera.x).toBeGreaterThan(before.x);
    off();
  });

  it('Wheel: is guessed once, by the first turn without a key held', () => {
    const settings: WheelSettings = { wheel: null };
    const { turn, off, guesses } = listen(settings);
    turn({ deltaY: -10, ctrlKey: true });
    expect(settings.wheel).toBeNull();
    turn({ deltaY: 3, deltaMode: 1 });
    expect(settings.wheel).toBe('mouse');
    turn({ deltaX: 2, deltaY: 3 });
    expect(guesses).toEqual(['mouse']);
    off();
  });

  it('a mouse counts lines or notches of 120, fingers pixels', () => {
    expect(guessWheel({ deltaX: 0, deltaY: 3, deltaMode: 1 })).toBe('mouse');
    expect(guessWheel({ deltaX: 0, deltaY: 100, deltaMode: 0, wheelDeltaY: -120 })).toBe('mouse');
    expect(guessWheel({ deltaX: 0, deltaY: -120, deltaMode: 0, wheelDeltaY: 120 })).toBe('mouse');
    expect(guessWheel({ deltaX: 0, deltaY: 40, deltaMode: 0, wheelDeltaY: -120 })).toBe('trackpad');
    expect(guessWheel({ deltaX: 0, deltaY: 4, deltaMode: 0, wheelDeltaY: -12 })).toBe('trackpad');
    expect(guessWheel({ deltaX: 1, deltaY: 100, deltaMode: 0, wheelDeltaY: -120 })).toBe('trackpad');
    expect(guessWheel({ deltaX: 0, deltaY: 7, deltaMode: 0 })).toBe('trackpad');
  });
});

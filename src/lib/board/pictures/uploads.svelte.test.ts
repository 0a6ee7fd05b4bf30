import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PictureFailure, type PictureServer, type StoredPicture } from '#lib/collab/pictures.ts';
import { boardPoint } from '#lib/canvas/geometry/space.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import { openTestBoard, type TestBoard } from '../test-board.ts';
import { arranged, sizeOnBoard } from './arrange.ts';
import { PictureUploads } from './uploads.svelte.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
const png = (name = 'a.png') => new File([PNG], name, { type: 'image/png' });
const stored = (hash: string): StoredPicture => ({
  hash: hash.repeat(64),
  type: 'image/png',
  width: 960,
  height: 480,
  bytes: 12,
  stilled: false
});

/** A server whose answers the test gives. */
class Answers implements PictureServer {
  readonly asked: {
    resolve: (picture: StoredPicture) => void;
    reject: (problem: Error) => void;
    progress: (part: number) => void;
    signal: AbortSignal;
  }[] = [];
  load = () => Promise.reject(new Error('not asked here'));
  bring = () => Promise.resolve();
  upload: PictureServer['upload'] = (_file, progress, signal) =>
    new Promise((resolve, reject) => this.asked.push({ resolve, reject, progress, signal }));
}

let board: TestBoard;
let server: Answers;
let uploads: PictureUploads;
beforeEach(() => {
  URL.createObjectURL = () => 'blob:x';
  URL.revokeObjectURL = () => undefined;
  HTMLImageElement.prototype.decode = () => Promise.reject(new Error('no pictures here'));
  board = openTestBoard();
  server = new Answers();
  uploads = new PictureUploads(server, board.session);
});
const states = () => uploads.list.map(({ state }) => state.kind);
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('pictures on their way', () => {
  it('become objects where they were dropped when the server has them, and are selected together', async () => {
    expect(await uploads.add([png('a.png'), png('b.png')], boardPoint(1000, 500))).toEqual([]);
    expect(states()).toEqual(['sending', 'sending']);
    server.asked[0]?.progress(0.5);
    expect(uploads.list[0]?.state).toEqual({ kind: 'sending', part: 0.5 });
    expect(board.session.journey.objects).toEqual([]);
    const places = uploads.list.map(({ at }) => at);
    server.asked[0]?.resolve(stored('a'));
    server.asked[1]?.resolve(stored('b'));
    await settle();
    expect(uploads.list).toEqual([]);
    const { objects } = board.session.journey;
    expect(objects).toMatchObject(
      places.map((at, index) => ({
        kind: 'image',
        width: 480,
        height: 240,
        x: at.x - 240,
        y: at.y - 120,
        hash: 'ab'[index]?.repeat(64),
        natural: { width: 960, height: 480 }
      }))
    );
    expect(board.session.selection).toMatchObject({ kind: 'objects', ids: objects.map(({ id }) => id) });
    board.session.document.undo();
    board.session.document.undo();
    expect(board.session.journey.objects).toEqual([]);
  });

  it('that moved say that they no longer do, for all to see', async () => {
    await uploads.add([png('dance.gif')], boardPoint(0, 0));
    server.asked[0]?.resolve({ ...stored('a'), stilled: true });
    await settle();
    expect(toaster.list.at(-1)?.text).toBe(
      'dance.gif is on the board, as its first picture: pictures here don’t move.'
    );
  });

  it('leave what somebody has selected meanwhile alone', async () => {
    await uploads.add([png()], boardPoint(0, 0));
    board.session.editor.select({ kind: 'stage', id: board.stage });
    server.asked[0]?.resolve(stored('a'));
    await settle();
    expect(board.session.selection).toEqual({ kind: 'stage', id: board.stage });
  });

  it('are refused here already when they are none, by their bytes and not by their names', async () => {
    const svg = new File(['<svg onload="alert(1)"/>'], 'x.png', { type: 'image/png' });
    const refusals = await uploads.add([svg, png('y.txt')], boardPoint(0, 0));
    expect(refusals).toEqual([expect.stringMatching(/^x\.png: This file is not a PNG/)]);
    expect(uploads.list.map(({ name }) => name)).toEqual(['y.txt']);
  });

  it('wait without a server and go on by themselves, two at a time', async () => {
    board.tell({ save: { kind: 'offline', changes: 0 } });
    await uploads.add([png('a'), png('b'), png('c')], boardPoint(0, 0));
    expect(states()).toEqual(['waiting', 'waiting', 'waiting']);
    board.tell({ save: { kind: 'saved' } });
    uploads.run();
    expect(states()).toEqual(['sending', 'sending', 'waiting']);
    server.asked[0]?.resolve(stored('a'));
    await settle();
    expect(states()).toEqual(['sending', 'sending']);
    // The server goes away in the middle: what was under way waits as well.
    board.tell({ save: { kind: 'offline', changes: 0 } });
    for (const one of server.asked.slice(1)) one.reject(new PictureFailure('unreached', false));
    await settle();
    expect(states()).toEqual(['waiting', 'waiting']);
    expect(board.session.journey.objects).toHaveLength(1);
  });

  it('that failed say why, and can be tried again unless the server would refuse them again', async () => {
    vi.useFakeTimers();
    await uploads.add([png('a'), png('b')], boardPoint(0, 0));
    server.asked[0]?.reject(new PictureFailure('The server can’t be reached.', false));
    server.asked[1]?.reject(new PictureFailure('This picture is damaged.', true));
    await vi.advanceTimersByTimeAsync(10);
    expect(uploads.list.map(({ state }) => state)).toEqual([
      { kind: 'failed', message: 'The server can’t be reached.', again: true },
      { kind: 'failed', message: 'This picture is damaged.', again: false }
    ]);
    // The board learns only later that there is no server: then it goes on by itself.
    board.tell({ save: { kind: 'offline', changes: 0 } });
    await vi.advanceTimersByTimeAsync(5_000);
    uploads.run();
    expect(states()).toEqual(['waiting', 'failed']);
    vi.useRealTimers();
    board.tell({ save: { kind: 'saved' } });
    uploads.run();
    server.asked[2]?.resolve(stored('a'));
    await settle();
    expect(uploads.list.map(({ name }) => name)).toEqual(['b']);
  });

  it('taken back are stopped and leave nothing', async () => {
    await uploads.add([png()], boardPoint(0, 0));
    uploads.drop(uploads.list[0]?.id ?? 0);
    expect(server.asked[0]?.signal.aborted).toBe(true);
    server.asked[0]?.reject(new PictureFailure('Taken back.', true));
    await settle();
    expect([uploads.list, board.session.journey.objects]).toEqual([[], []]);
  });

  it('of somebody who may no longer edit say so and are not put on the map', async () => {
    await uploads.add([png()], boardPoint(0, 0));
    board.tell({ role: 'viewer' });
    server.asked[0]?.resolve(stored('a'));
    await settle();
    expect(uploads.list[0]?.state).toMatchObject({ kind: 'failed', again: false });
    expect(board.session.journey.objects).toEqual([]);
  });
});

describe('where pictures stand', () => {
  it('at most 480 units a side, never larger than they are', () => {
    expect(sizeOnBoard({ width: 1920, height: 1080 })).toEqual({ width: 480, height: 270 });
    expect(sizeOnBoard({ width: 30, height: 20 })).toEqual({ width: 30, height: 20 });
    expect(sizeOnBoard({ width: 10_000, height: 1 })).toEqual({ width: 480, height: 1 });
  });

  it('several in rows around the place, none over another', () => {
    const sizes = Array.from({ length: 6 }, () => ({ width: 100, height: 50 }));
    const places = arranged(sizes, boardPoint(0, 0));
    expect(places.reduce((sum, { y }) => sum + y, 0) / 6).toBeLessThan(0);
    const boxes = places.map(({ x, y }) => ({ left: x - 50, right: x + 50, top: y - 25, bottom: y + 25 }));
    boxes.forEach((a, index) =>
      boxes
        .slice(index + 1)
        .forEach((b) =>
          expect(a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top).toBe(true)
        )
    );
  });
});

import { boardPoint, type BoardPoint, type Size } from '#lib/canvas/geometry/space.ts';
import { objectSelection, type Selection } from '#lib/canvas/editor/selection.ts';
import {
  PICTURE_HEAD,
  PICTURE_LIMITS,
  PICTURE_SENTENCES,
  PictureFailure,
  pictureTypeOf,
  type PictureServer,
  type StoredPicture
} from '#lib/collab/pictures.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import type { ObjectId } from '#lib/journey/ids.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { arranged, FALLBACK, sizeOnBoard } from './arrange.ts';

/** A picture on its way to the server, where it will stand on the board. */
export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly at: BoardPoint; // middle
  readonly size: Size; // board units
  /** The address of the file in this browser, to show meanwhile. */
  readonly preview: string;
  readonly state:
    | { readonly kind: 'waiting' } // for the server to be reached, or for its turn
    | { readonly kind: 'sending'; readonly part: number } // 0 to 1
    | { readonly kind: 'failed'; readonly message: string; readonly again: boolean };
}

interface Batch {
  readonly ids: ObjectId[];
  /** What was selected when it began, or what it has selected since: only that gives way to more of it. */
  selection: Selection;
}

/** What is sent for an upload; `stop` while it is under way. */
interface Job {
  readonly id: number;
  readonly file: Blob;
  readonly batch: Batch;
  stop: AbortController | null;
}

const AT_ONCE = 2;
const RETRY_MS = 3_000;

type Session = Pick<BoardSession, 'document' | 'editor' | 'canEdit' | 'journey' | 'save' | 'ui'>;

/**
 * Pictures on their way onto the board. Each stands there as a placeholder until the server has it, and only then
 * becomes an object, so that nobody else sees a picture that is not there. Without the server they wait.
 */
export class PictureUploads {
  list: readonly Upload[] = $state.raw([]);
  readonly #server: PictureServer;
  readonly #session: Session;
  #jobs: readonly Job[] = [];
  #next = 1;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(server: PictureServer, session: Session) {
    this.#server = server;
    this.#session = session;
  }

  /** Puts files around a place on the board. Answers a sentence for each that is no picture. */
  async add(files: readonly File[], middle: BoardPoint): Promise<string[]> {
    const refusals: string[] = [];
    const taken: { readonly file: File; readonly preview: string; readonly size: Size }[] = [];
    for (const file of files) {
      const problem = await problemOf(file);
      if (problem !== null) {
        refusals.push(`${file.name}: ${problem}`);
        continue;
      }
      const preview = URL.createObjectURL(file);
      taken.push({ file, preview, size: sizeOnBoard(await pixelsOf(preview)) });
    }
    const batch: Batch = { ids: [], selection: this.#session.editor.selection };
    const places = arranged(
      taken.map(({ size }) => size),
      middle
    );
    const added = taken.map(({ file, preview, size }, index): Upload => {
      const id = this.#next++;
      this.#jobs = [...this.#jobs, { id, file, batch, stop: null }];
      return { id, name: file.name, at: places[index] ?? middle, size, preview, state: { kind: 'waiting' } };
    });
    this.list = [...this.list, ...added];
    this.run();
    return refusals;
  }

  /** Starts what waits. For whoever learns that the server is there again. */
  run(): void {
    clearTimeout(this.#retry);
    const { save } = this.#session;
    if (save.kind === 'offline') return this.#waitAgain();
    for (const { id, state } of this.list)
      if (state.kind === 'waiting' && this.#running.length < AT_ONCE) void this.#send(id);
  }

  get #running(): readonly Job[] {
    return this.#jobs.filter(({ stop }) => stop !== null);
  }

  #job(id: number): Job | undefined {
    return this.#jobs.find((one) => one.id === id);
  }

  again(id: number): void {
    this.#set(id, { kind: 'waiting' });
    this.run();
  }

  /** Takes a picture back that is not there yet. */
  drop(id: number): void {
    this.#job(id)?.stop?.abort();
    this.#forget(id);
    this.run();
  }

  destroy(): void {
    clearTimeout(this.#retry);
    for (const { stop } of this.#running) stop?.abort();
    this.#jobs = [];
    for (const { preview } of this.list) URL.revokeObjectURL(preview);
    this.list = [];
  }

  async #send(id: number): Promise<void> {
    const job = this.#job(id);
    if (job === undefined || job.stop !== null) return;
    const stop = new AbortController();
    job.stop = stop;
    this.#set(id, { kind: 'sending', part: 0 });
    try {
      const stored = await this.#server.upload(
        job.file,
        (part) => this.#set(id, { kind: 'sending', part }),
        stop.signal
      );
      this.#place(id, stored, job.batch);
    } catch (problem) {
      this.#failed(id, problem);
    } finally {
      job.stop = null;
      this.run();
    }
  }

  #failed(id: number, problem: unknown): void {
    if (this.#job(id) === undefined) return;
    const reached = problem instanceof PictureFailure && problem.reached;
    const message = problem instanceof Error ? problem.message : String(problem);
    if (!reached && this.#session.save.kind === 'offline') return this.#set(id, { kind: 'waiting' });
    this.#set(id, { kind: 'failed', message, again: !reached });
    this.#session.ui.speak(message);
    // The server is away for a moment, and the board does not know it yet: it then waits, and goes on by itself.
    if (!reached)
      this.#retry = setTimeout(() => this.#session.save.kind === 'offline' && this.#waitAgain(), RETRY_MS);
  }

  #waitAgain(): void {
    for (const { id, state } of this.list)
      if (state.kind === 'failed' && state.again) this.#set(id, { kind: 'waiting' });
  }

  #place(id: number, { hash, width, height, stilled }: StoredPicture, batch: Batch): void {
    const upload = this.list.find((one) => one.id === id);
    if (upload === undefined) return;
    const { document, editor, ui } = this.#session;
    if (!this.#session.canEdit)
      return this.#set(id, { kind: 'failed', message: 'You can no longer edit this map.', again: false });
    const size = sizeOnBoard({ width, height });
    const [made] = document.objects.add([
      {
        kind: 'image',
        color: 'ink',
        locked: false,
        group: null,
        x: Math.round(upload.at.x - size.width / 2),
        y: Math.round(upload.at.y - size.height / 2),
        ...size,
        hash,
        natural: { width, height },
        text: ''
      }
    ]);
    if (made === undefined) {
      const message = `A map holds at most ${LIMITS.objects} objects; this picture no longer fits.`;
      return this.#set(id, { kind: 'failed', message, again: true });
    }
    this.#forget(id);
    batch.ids.push(made);
    if (editor.selection === batch.selection) {
      editor.select(objectSelection([...batch.ids]));
      batch.selection = editor.selection;
    }
    // A toast is read aloud as well.
    if (stilled)
      toaster.show({
        text: `${upload.name} is on the board, as its first picture: pictures here don’t move.`,
        duration: 12_000
      });
    else ui.speak(`${upload.name} is on the board.`);
  }

  #set(id: number, state: Upload['state']): void {
    this.list = this.list.map((one) => (one.id === id ? { ...one, state } : one));
  }

  #forget(id: number): void {
    const upload = this.list.find((one) => one.id === id);
    if (upload !== undefined) URL.revokeObjectURL(upload.preview);
    this.#jobs = this.#jobs.filter((one) => one.id !== id);
    this.list = this.list.filter((one) => one.id !== id);
  }
}

/** Why a file is not worth sending; null when it may be a picture. */
async function problemOf(file: File): Promise<string | null> {
  if (file.size > PICTURE_LIMITS.bytes) return PICTURE_SENTENCES.E_PICTURE_BYTES;
  const head = await file
    .slice(0, PICTURE_HEAD)
    .arrayBuffer()
    .catch(() => null);
  if (head === null) return 'this file cannot be read.';
  return pictureTypeOf(new Uint8Array(head)) === null ? PICTURE_SENTENCES.E_PICTURE_TYPE : null;
}

/** How large a picture is; a guess where the browser can't tell. */
async function pixelsOf(address: string): Promise<Size> {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return FALLBACK;
  }
}

/** Where pictures go that come without a place: under the pointer, else into the middle of the view. */
export function placeForPictures({ editor, company }: BoardSession): BoardPoint {
  if (company.cursor !== null) return company.cursor;
  const { camera, frame } = editor;
  const { x, y, width, height } = frame.body;
  return boardPoint(camera.x + (x + width / 2) / camera.zoom, camera.y + (y + height / 2) / camera.zoom);
}

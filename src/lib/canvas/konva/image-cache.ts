/** A picture of the map as it can be drawn now. */
export type Picture =
  | { readonly state: 'ready'; readonly bitmap: ImageBitmap }
  | { readonly state: 'loading' }
  | { readonly state: 'missing' };

interface Entry {
  picture: Picture;
  pixels: number;
  used: number;
}

/** Gives the stored file of a picture. Rejects when it can't be had; `reached: false` on the reason: not now. */
export type LoadPicture = (hash: string) => Promise<Blob>;

const BUDGET = 64_000_000; // pixels of all bitmaps: 256 MB
const LARGEST = 2048; // pixels of a bitmap's longer side
/** What is missing is asked for again after so long, when it is in view: it may have come to the map meanwhile. */
const AGAIN_MS = { missing: 20_000, unreached: 4_000 } as const;
const LOADING: Picture = { state: 'loading' };

/**
 * The bitmaps of a map's pictures within a budget: what was drawn longest ago goes first, and is decoded anew when it
 * comes into view again. Decoding is the browser's, off the main thread, and never larger than {@link LARGEST}.
 */
export class ImageCache {
  readonly #entries = new Map<string, Entry>();
  readonly #load: LoadPicture | undefined;
  readonly #changed: () => void;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #pixels = 0;
  #clock = 0;
  #gone = false;

  constructor(load: LoadPicture | undefined, changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** The picture; the first question starts to fetch it. */
  get(hash: string): Picture {
    const entry = this.#entries.get(hash) ?? this.#fetch(hash);
    entry.used = this.#clock += 1;
    return entry.picture;
  }

  destroy(): void {
    this.#gone = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { picture } of this.#entries.values()) if (picture.state === 'ready') picture.bitmap.close();
    this.#entries.clear();
  }

  #fetch(hash: string): Entry {
    const entry: Entry = { picture: LOADING, pixels: 0, used: 0 };
    this.#entries.set(hash, entry);
    if (this.#load === undefined) {
      entry.picture = { state: 'missing' };
      return entry;
    }
    this.#load(hash)
      .then(decoded)
      .then((bitmap) => {
        if (this.#gone) return bitmap.close();
        entry.picture = { state: 'ready', bitmap };
        entry.pixels = bitmap.width * bitmap.height;
        this.#pixels += entry.pixels;
        this.#evict(entry);
      })
      .catch((reason: unknown) => {
        const unreached = reason instanceof Error && 'reached' in reason && reason.reached === false;
        // What has only not been reached goes on loading.
        if (!unreached) entry.picture = { state: 'missing' };
        this.#again(hash, entry, unreached ? AGAIN_MS.unreached : AGAIN_MS.missing);
      })
      .finally(() => this.#changed());
    return entry;
  }

  /** Forgets a failure after a while; the next question then starts anew. */
  #again(hash: string, entry: Entry, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#entries.get(hash) !== entry) return;
      this.#entries.delete(hash);
      this.#changed();
    }, ms);
    this.#timers.add(timer);
  }

  #evict(keep: Entry): void {
    const oldest = [...this.#entries].sort(([, a], [, b]) => a.used - b.used);
    for (const [hash, entry] of oldest) {
      if (this.#pixels <= BUDGET) return;
      if (entry === keep || entry.picture.state !== 'ready') continue;
      entry.picture.bitmap.close();
      this.#pixels -= entry.pixels;
      this.#entries.delete(hash);
    }
  }
}

async function decoded(file: Blob): Promise<ImageBitmap> {
  const bitmap = await createImageBitmap(file);
  const scale = LARGEST / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1) return bitmap;
  const smaller = await createImageBitmap(bitmap, {
    resizeWidth: Math.max(1, Math.round(bitmap.width * scale)),
    resizeHeight: Math.max(1, Math.round(bitmap.height * scale)),
    resizeQuality: 'medium'
  });
  bitmap.close();
  return smaller;
}

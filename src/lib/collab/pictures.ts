import type { StoredPicture } from '#lib/protocol/pictures.ts';

export {
  PICTURE_HEAD,
  PICTURE_LIMITS,
  PICTURE_SENTENCES,
  PICTURE_TYPES,
  pictureTypeOf
} from '#lib/protocol/pictures.ts';
export type { StoredPicture };

/** `reached`: the server answered, and would answer the same again. The message is a sentence for people. */
export class PictureFailure extends Error {
  override readonly name = 'PictureFailure';
  readonly reached: boolean;
  constructor(message: string, reached: boolean) {
    super(message);
    this.reached = reached;
  }
}

/** The pictures of one map on the server. Every call throws {@link PictureFailure}. */
export interface PictureServer {
  readonly load: (hash: string) => Promise<Blob>;
  /** Sends a file; `progress` hears of it from 0 to 1, and 1 means that the server is at work on it. */
  upload(file: Blob, progress: (part: number) => void, signal: AbortSignal): Promise<StoredPicture>;
  /** Has this map show a picture of another map. */
  bring(hash: string): Promise<void>;
}

const UNREACHED = 'The server can’t be reached. The picture is kept here until it can.';
const UNKNOWN = 'The server did not take this picture. It is still here; try again in a moment.';

/** `send`: the browser's `fetch`. */
export function pictureServer(mapId: string, send: typeof fetch = fetch): PictureServer {
  const base = `/api/v1/maps/${mapId}/images`;
  return {
    load: async (hash) => {
      const answer = await send(`/maps/${mapId}/images/${hash}`).catch(() => null);
      if (answer === null || answer.status >= 500) throw new PictureFailure(UNREACHED, false);
      if (!answer.ok) throw new PictureFailure('This picture is missing.', true);
      return answer.blob();
    },
    upload: (file, progress, signal) =>
      new Promise((resolve, reject) => {
        // Only this of the browser's two ways to send tells how far it is.
        const request = new XMLHttpRequest();
        const fail = (message: string, reached: boolean) => reject(new PictureFailure(message, reached));
        request.open('POST', base);
        request.responseType = 'json';
        // What it is the server finds out for itself.
        request.setRequestHeader('content-type', 'application/octet-stream');
        request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total);
        request.onload = () => {
          const said: unknown = request.response;
          if (request.status === 201 && said !== null) return resolve(said as StoredPicture);
          const again = request.status >= 500 || request.status === 429;
          fail(detailOf(said) ?? UNKNOWN, !again);
        };
        request.onerror = () => fail(UNREACHED, false);
        request.onabort = () => fail('Taken back.', true);
        signal.addEventListener('abort', () => request.abort());
        request.send(file);
      }),
    async bring(hash) {
      const answer = await send(`${base}/${hash}`, { method: 'PUT' }).catch(() => null);
      if (answer === null) throw new PictureFailure(UNREACHED, false);
      if (!answer.ok)
        throw new PictureFailure(detailOf(await answer.json().catch(() => null)) ?? UNKNOWN, true);
    }
  };
}

const detailOf = (said: unknown): string | null =>
  typeof said === 'object' && said !== null && 'detail' in said && typeof said.detail === 'string'
    ? said.detail
    : null;

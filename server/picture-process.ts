/**
 * Decodes and encodes pictures in a process of its own: what a decoder does with hostile bytes, in memory or in a crash,
 * stays away from the maps. One message, one reply.
 */
import sharp, { type Sharp } from 'sharp';
import { PICTURE_LIMITS, type PictureType, type StoredType } from '#lib/protocol/pictures.ts';

export interface PictureJob {
  readonly type: PictureType;
  readonly bytes: Uint8Array;
}

export type PictureReply =
  | {
      readonly ok: true;
      readonly type: StoredType;
      readonly bytes: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly stilled: boolean;
    }
  | { readonly ok: false; readonly code: 'E_PICTURE_SIZE' | 'E_PICTURE_BROKEN' };

const DECODE_S = 10;
const FORMATS: Readonly<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif'
};

sharp.cache(false);
sharp.concurrency(1);
// No loader but these four may look at the bytes, whatever they turn out to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer'
  ]
});

/** What is tried in turn where a picture is still too large: a longest side in pixels, and a quality of WebP. */
const SMALLER = [
  { edge: PICTURE_LIMITS.storedSide, quality: 84 },
  { edge: 2_560, quality: 82 },
  { edge: 1_600, quality: 76 }
] as const;

const { pixels, side, storedSide, storedBytes } = PICTURE_LIMITS;

async function reread({ type, bytes }: PictureJob): Promise<PictureReply> {
  const open = (): Sharp =>
    sharp(bytes, { limitInputPixels: pixels, failOn: 'error', sequentialRead: true, animated: false });
  // Only the header is read here.
  const head = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
  if (head.format !== FORMATS[type]) return { ok: false, code: 'E_PICTURE_BROKEN' };
  const { width, height } = head;
  if (width > side || height > side || width * height > pixels) return { ok: false, code: 'E_PICTURE_SIZE' };

  // Turned as its camera says and into sRGB; everything else that the file carried is left behind.
  const still = (edge: number) =>
    open()
      .autoOrient()
      .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
      .timeout({ seconds: DECODE_S });
  let stored: StoredType = type === 'image/gif' ? 'image/png' : type;
  let made = await encoded(still(storedSide), stored);
  for (const { edge, quality } of SMALLER) {
    if (made.data.byteLength <= storedBytes) break;
    stored = 'image/webp';
    made = await encoded(still(edge), stored, quality);
  }
  if (made.data.byteLength > storedBytes) return { ok: false, code: 'E_PICTURE_SIZE' };
  return {
    ok: true,
    type: stored,
    bytes: made.data,
    width: made.info.width,
    height: made.info.height,
    stilled: (head.pages ?? 1) > 1
  };
}

function encoded(picture: Sharp, type: StoredType, quality = 86) {
  const format =
    type === 'image/png'
      ? picture.png({ compressionLevel: 7 })
      : type === 'image/jpeg'
        ? picture.jpeg({ quality })
        : picture.webp({ quality });
  return format.toBuffer({ resolveWithObject: true });
}

process.on('message', (job: PictureJob) => {
  reread(job)
    .catch((): PictureReply => ({ ok: false, code: 'E_PICTURE_BROKEN' }))
    .then((reply) => process.send?.(reply))
    .catch(() => process.exit(1));
});
// The server is gone, or has no more work.
process.on('disconnect', () => process.exit(0));

/** What a picture may be when it comes: told by its first bytes alone, never by its name or what the sender says. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** What is stored and served. A GIF is kept as a PNG of its first picture. */
export const STORED_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type StoredType = (typeof STORED_TYPES)[number];

const MB = 1024 * 1024;

/** Bounds of pictures, in bytes and pixels. */
export const PICTURE_LIMITS = {
  /** Of a file as it comes. */
  bytes: 10 * MB,
  side: 16_384,
  pixels: 40_000_000,
  /** Of a picture as it is kept; a larger one is made smaller. */
  storedSide: 4_096,
  storedBytes: 2 * MB, // in one turn of the event loop: more would be felt by who draws meanwhile
  /** Of all pictures of a map, and of all that one account has put on maps. */
  mapBytes: 200 * MB,
  accountBytes: 1_000 * MB
} as const;

/** So many bytes tell the type. */
export const PICTURE_HEAD = 12;

const starts = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte);
const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** The type of a file by its first {@link PICTURE_HEAD} bytes; null when it is none of {@link PICTURE_TYPES}. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | null {
  if (starts(bytes, [0x89, ...letters('PNG\r\n'), 0x1a, 0x0a])) return 'image/png';
  if (starts(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (starts(bytes, letters('RIFF')) && starts(bytes, letters('WEBP'), 8)) return 'image/webp';
  if (starts(bytes, letters('GIF87a')) || starts(bytes, letters('GIF89a'))) return 'image/gif';
  return null;
}

/** Why a picture was not taken. */
export const PICTURE_PROBLEMS = [
  'E_PICTURE_TYPE',
  'E_PICTURE_BYTES',
  'E_PICTURE_SIZE',
  'E_PICTURE_BROKEN',
  'E_PICTURE_MAP_FULL',
  'E_PICTURE_ACCOUNT_FULL',
  'E_PICTURE_BUSY',
  'E_PICTURE_CUT',
  'E_PICTURE_UNKNOWN'
] as const;
export type PictureProblem = (typeof PICTURE_PROBLEMS)[number];

const inMb = (bytes: number): string => `${Math.round(bytes / MB)} MB`;

/** A sentence for each. */
export const PICTURE_SENTENCES: Readonly<Record<PictureProblem, string>> = {
  E_PICTURE_TYPE:
    'This file is not a PNG, JPEG, WebP or GIF picture, whatever its name says; nothing was kept.',
  E_PICTURE_BYTES: `A picture may have ${inMb(PICTURE_LIMITS.bytes)} at most; nothing was kept.`,
  E_PICTURE_SIZE: 'A picture may have 40 million pixels and 16,384 a side at most; nothing was kept.',
  E_PICTURE_BROKEN: 'This picture is damaged and cannot be read; nothing was kept.',
  E_PICTURE_MAP_FULL: `The pictures of this map already take ${inMb(PICTURE_LIMITS.mapBytes)}, which is all there is room for.`,
  E_PICTURE_ACCOUNT_FULL: `The pictures of this account already take ${inMb(PICTURE_LIMITS.accountBytes)}, which is all there is room for.`,
  E_PICTURE_BUSY: 'Many pictures are on their way at the moment; try again in a few seconds.',
  E_PICTURE_CUT: 'The picture broke off on its way; nothing was kept.',
  E_PICTURE_UNKNOWN: 'This picture is on no map that you can open.'
};

/** A picture that is stored, as an upload answers it. */
export interface StoredPicture {
  readonly hash: string; // SHA-256 of the stored file, 64 hexadecimal digits
  readonly type: StoredType;
  readonly width: number; // pixels
  readonly height: number;
  readonly bytes: number;
  /** The file moved, and only its first picture is kept. */
  readonly stilled: boolean;
}

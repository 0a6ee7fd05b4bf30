import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** A picture of one colour as a file of a type. */
export function pictureFile(
  type: 'png' | 'jpeg' | 'webp' | 'gif',
  { width = 32, height = 24, color = '#1f6f8b' } = {}
): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background: color } })
    .toFormat(type)
    .toBuffer();
}

const chunk = (name: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.byteLength, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
};

/**
 * A PNG that declares one grey bit for each of `width` x `height` pixels. `rows` of them are really there: all zero, so
 * that a few kilobytes unpack to hundreds of megabytes.
 */
export function declaredPng(width: number, height: number, rows = 1): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(rows * (1 + Math.ceil(width / 8))));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', new Uint8Array())
  ]);
}

export const SVG = new TextEncoder().encode(
  '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
);

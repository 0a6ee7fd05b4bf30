import { PICTURE_LIMITS, PICTURE_TYPES, STORED_TYPES } from '#lib/protocol/pictures.ts';
import { mapId, ok, problem, PROBLEMS, ref } from './openapi-parts.ts';

const hash = {
  name: 'hash',
  in: 'path',
  required: true,
  description: 'SHA-256 of the stored file, as an object of kind `image` names it.',
  schema: { type: 'string', pattern: '^[0-9a-f]{64}$' }
};

const files = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));

const FULL = problem('The pictures of this map, or of this account, take all the room there is.');

/** Pictures of a map. */
export const PICTURE_PATHS = {
  '/maps/{id}/images': {
    post: {
      summary: 'Put a picture on the map; an object of kind `image` then shows it by its hash',
      description:
        'The body is the file. Its type is told by its bytes. It is decoded and written anew: turned as its camera says, made smaller where it is larger than a board needs, without anything but its pixels; of one that moves the first picture is kept. What no board shows within a day is deleted.',
      parameters: [mapId],
      requestBody: { required: true, content: files([...PICTURE_TYPES, 'application/octet-stream']) },
      responses: {
        201: ok('Stored, or stored already.', ref('StoredPicture')),
        400: problem('The body broke off.'),
        403: problem('Your role on this map does not allow that.'),
        409: FULL,
        413: problem(`More than ${PICTURE_LIMITS.bytes} bytes; what came after them was not read.`),
        415: problem('Neither PNG, JPEG, WebP nor GIF, whatever its name says.'),
        422: problem('Too many pixels, by its head alone, or damaged.'),
        503: problem('Many pictures are on their way; Retry-After says how long to wait.'),
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/images/{hash}': {
    get: {
      summary: 'A picture of the map',
      description:
        'Browsers find the same at `/maps/{id}/images/{hash}`. It never changes: it has an ETag and may be kept.',
      parameters: [mapId, hash],
      responses: {
        200: { description: 'The stored file.', content: files(STORED_TYPES) },
        304: { description: 'The ETag in If-None-Match is this picture’s.' },
        ...PROBLEMS
      }
    },
    put: {
      summary: 'Put a picture on the map that is on another one which you can read',
      parameters: [mapId, hash],
      responses: {
        200: ok('The map may show it.', { type: 'object', additionalProperties: false }),
        403: problem('Your role on this map does not allow that.'),
        409: FULL,
        ...PROBLEMS
      }
    }
  }
};

const count = { type: 'integer', minimum: 1 };

export const PICTURE_SCHEMAS = {
  StoredPicture: {
    type: 'object',
    required: ['hash', 'type', 'width', 'height', 'bytes', 'stilled', 'url'],
    properties: {
      hash: hash.schema,
      type: { enum: STORED_TYPES },
      width: { ...count, maximum: PICTURE_LIMITS.storedSide },
      height: { ...count, maximum: PICTURE_LIMITS.storedSide },
      bytes: { ...count, maximum: PICTURE_LIMITS.storedBytes },
      stilled: { type: 'boolean', description: 'The file moved, and its first picture was kept.' },
      url: { type: 'string', format: 'uri' }
    }
  }
};

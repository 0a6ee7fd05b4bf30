import { toJsonSchema } from '@valibot/to-json-schema';
import { mapFileSchema } from '#lib/journey/file-schema.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { PRESET_IDS } from '#lib/journey/presets.ts';
import { AUTHOR_PATHS, AUTHOR_SCHEMAS } from './openapi-authors.ts';
import { COMMENT_PATHS, COMMENT_SCHEMAS } from './openapi-comments.ts';
import { REVIEW_PATHS, REVIEW_SCHEMAS } from './openapi-reviews.ts';
import { SUGGESTION_PATHS, SUGGESTION_SCHEMAS } from './openapi-suggestions.ts';
import { PICTURE_PATHS, PICTURE_SCHEMAS } from './openapi-pictures.ts';
import { PEOPLE_PATHS, PEOPLE_SCHEMAS } from './openapi-people.ts';
import { mapId, ok, problem, PROBLEMS, query, ref } from './openapi-parts.ts';

const BODY_PROBLEMS = {
  400: problem('The body is not JSON.'),
  413: problem('The body is larger than 10 MB.'),
  422: problem('The body breaks a rule; each error names its path. Nothing was changed.')
};

const versionId = { ...mapId, name: 'version' };

const versionWords = {
  name: { type: 'string', minLength: 1, maxLength: LIMITS.name },
  reason: { type: 'string', maxLength: LIMITS.reason }
};

const versionBody = (properties: object, required: readonly string[]) => ({
  required: true,
  content: {
    'application/json': { schema: { type: 'object', additionalProperties: false, properties, required } }
  }
});

/** Addresses below /api/v1 with what each method takes and answers. A test holds the list to the routes there are. */
const PATHS = {
  '/maps': {
    get: {
      summary: 'Own maps, newest edit first',
      parameters: [
        query('cursor', { type: 'string' }, 'The `next` of the page before.'),
        query('limit', { type: 'integer', minimum: 1, maximum: 100, default: 50 }, 'How many maps at most.'),
        query('trashed', { enum: ['true', 'false'], default: 'false' }, 'The trash instead.')
      ],
      responses: {
        200: ok('A page of maps.', ref('MapPage')),
        400: problem('A parameter is wrong.'),
        ...PROBLEMS
      }
    },
    post: {
      summary: 'Make a map from a preset or a map file',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              oneOf: [
                {
                  type: 'object',
                  required: ['preset'],
                  additionalProperties: false,
                  properties: { preset: { enum: PRESET_IDS }, title: { type: 'string', maxLength: 200 } }
                },
                {
                  type: 'object',
                  required: ['map'],
                  additionalProperties: false,
                  properties: { map: ref('MapFile') }
                }
              ]
            }
          }
        }
      },
      responses: {
        201: ok('Made.', {
          type: 'object',
          required: ['id', 'url'],
          properties: { id: { type: 'string', format: 'uuid' }, url: { type: 'string', format: 'uri' } }
        }),
        400: problem('The body is not JSON.'),
        413: problem('The body is larger than 10 MB.'),
        422: problem('The body breaks a rule; each error names its path. Nothing was stored.'),
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}': {
    get: {
      summary: 'The map as a file',
      parameters: [mapId],
      responses: { 200: ok('The map file.', ref('MapFile')), ...PROBLEMS }
    }
  },
  '/maps/{id}/versions': {
    get: {
      summary: 'Kept states of the map, newest first',
      parameters: [
        mapId,
        query('cursor', { type: 'string' }, 'The `next` of the page before.'),
        query(
          'limit',
          { type: 'integer', minimum: 1, maximum: 100, default: 50 },
          'How many versions at most.'
        )
      ],
      responses: {
        200: ok('A page of versions.', ref('VersionPage')),
        400: problem('A parameter is wrong.'),
        ...PROBLEMS
      }
    },
    post: {
      summary: 'Keep the map as it is now',
      parameters: [mapId],
      requestBody: versionBody(
        {
          ...versionWords,
          restored: { type: 'string', format: 'uuid', description: 'The version just gone back to.' }
        },
        []
      ),
      responses: {
        200: ok('Nothing to keep: without a name, and the newest version is this very state.', {
          type: 'null'
        }),
        201: ok('Kept.', ref('Version')),
        403: problem('Your role on this map does not allow that.'),
        409: problem('The map has as many named versions as it can.'),
        ...BODY_PROBLEMS,
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/versions/{version}': {
    get: {
      summary: 'A version as a map file',
      parameters: [mapId, versionId],
      responses: { 200: ok('The map file.', ref('MapFile')), ...PROBLEMS }
    },
    patch: {
      summary: 'Name a version, which then is kept for good',
      parameters: [mapId, versionId],
      requestBody: versionBody(versionWords, ['name']),
      responses: {
        200: ok('Named.', ref('Version')),
        403: problem('Your role on this map does not allow that.'),
        409: problem('The map has as many named versions as it can.'),
        ...BODY_PROBLEMS,
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/versions/{version}/state': {
    get: {
      summary: 'A version as Yjs holds it: a whole document as an update, encoding V2',
      parameters: [mapId, versionId],
      responses: {
        200: {
          description: 'The bytes.',
          content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
        },
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/versions/{version}/restore': {
    post: {
      summary: 'Go back to a version, as one edit on the map that open boards see at once',
      parameters: [mapId, versionId],
      requestBody: { ...versionBody({ reason: versionWords.reason }, []), required: false },
      responses: {
        200: ok('The version that holds the map as it is now.', ref('Version')),
        403: problem('Your role on this map does not allow that.'),
        ...BODY_PROBLEMS,
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/clv': {
    get: {
      summary: 'Figures of the baseline, the scenarios and the opportunities in full precision',
      parameters: [
        mapId,
        query('budget', { type: 'number', minimum: 0 }, 'Adds the best set of opportunities within it.'),
        query(
          'draws',
          { type: 'integer', minimum: 100, maximum: 10000 },
          'Adds a simulation of so many draws.'
        ),
        query('seed', { type: 'integer', minimum: 0, default: 1 }, 'Gives the same draws again.')
      ],
      responses: { 200: ok('The figures.', ref('Figures')), ...PROBLEMS }
    }
  },
  '/clv/fit': {
    post: {
      summary: 'Fit a transaction model to a table, read as it comes; nothing is kept',
      parameters: [
        query('model', { type: 'string' }, 'Which model; with text/csv only, as the parameters below.'),
        query('unit', { type: 'string', default: 'week' }, 'Unit of the times.'),
        query('until', { type: 'string' }, 'Last day that counts, for transactions.'),
        query(
          'cohorts',
          { type: 'string', enum: ['quarter'] },
          'Fits every quarter of first purchases, too.'
        ),
        query('dates', { type: 'string', enum: ['dmy', 'mdy'] }, 'What comes first in dates with slashes.'),
        query('decimal', { type: 'string', enum: ['point', 'comma'] }, 'The sign before decimals.')
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['model'],
              properties: {
                model: { type: 'string' },
                unit: { type: 'string' },
                until: { type: 'string' },
                cohorts: { type: 'string', enum: ['quarter'] },
                summary: { type: 'array', items: { type: 'object' } },
                transactions: { type: 'array', items: { type: 'object' } }
              }
            }
          },
          'text/csv': { schema: { type: 'string' } }
        }
      },
      responses: {
        200: ok('Parameters, standard errors, log-likelihood, checks.', { type: 'object' }),
        400: problem('The body cannot be read.'),
        413: problem('The table is larger than 10 MB.'),
        415: problem('Neither JSON nor CSV.'),
        422: problem('The table cannot be fitted; each error names its path or line.'),
        503: problem('Other fits are under way, or this one took too long.'),
        ...PROBLEMS
      }
    }
  },
  '/openapi.json': {
    get: {
      summary: 'This description',
      security: [],
      responses: { 200: ok('OpenAPI 3.1.', { type: 'object' }) }
    }
  }
} as const;

const notice = {
  type: 'object',
  required: ['code', 'where', 'message'],
  properties: { code: { type: 'string' }, where: { type: 'string' }, message: { type: 'string' } }
};

const figure = { type: ['number', 'null'] };

const person = { type: 'object', required: ['name'], properties: { name: { type: ['string', 'null'] } } };

const SCHEMAS = {
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'errors'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'code', 'message'],
          properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } }
        }
      }
    }
  },
  MapPage: {
    type: 'object',
    required: ['maps', 'next'],
    properties: {
      maps: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'title', 'role', 'createdAt', 'editedAt', 'trashedAt', 'url', 'people'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            title: { type: 'string' },
            role: { enum: ['owner', 'editor', 'commenter', 'viewer'] },
            createdAt: { type: 'string', format: 'date-time' },
            editedAt: { type: 'string', format: 'date-time' },
            trashedAt: { type: ['string', 'null'], format: 'date-time' },
            url: { type: 'string', format: 'uri' },
            people: {
              type: 'array',
              items: { type: 'object', properties: { name: { type: 'string' }, guest: { type: 'boolean' } } }
            }
          }
        }
      },
      next: { type: ['string', 'null'] }
    }
  },
  Version: {
    type: 'object',
    required: ['id', 'kind', 'name', 'reason', 'by', 'restoredId', 'people', 'clv', 'at'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      kind: { enum: ['created', 'named', 'automatic', 'restored'] },
      name: { type: ['string', 'null'] },
      reason: { type: ['string', 'null'] },
      by: { oneOf: [person, { type: 'null' }], description: 'Who kept it; null: the server.' },
      restoredId: { type: ['string', 'null'], format: 'uuid' },
      people: { type: 'array', items: person, description: 'Who edited since the version before.' },
      clv: { ...figure, description: 'CLV of the baseline at that time.' },
      at: { type: 'string', format: 'date-time' }
    }
  },
  VersionPage: {
    type: 'object',
    required: ['versions', 'next'],
    properties: {
      versions: { type: 'array', items: ref('Version') },
      next: { type: ['string', 'null'] }
    }
  },
  Evaluation: {
    type: 'object',
    description:
      'Figures are null while something is missing or impossible; `problems` then says what and where.',
    properties: {
      clv: figure,
      clvWithReferrals: figure,
      cac: figure,
      clvToCac: figure,
      npvPerProspect: figure,
      paybackTicks: figure,
      discountedPaybackTicks: figure,
      conversion: figure,
      problems: { type: 'array', items: notice },
      warnings: { type: 'array', items: notice }
    }
  },
  Figures: {
    type: 'object',
    required: ['baseline', 'scenarios', 'warnings'],
    properties: {
      baseline: ref('Evaluation'),
      scenarios: {
        type: 'array',
        items: {
          allOf: [
            ref('Evaluation'),
            { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } }
          ]
        }
      },
      warnings: { type: 'array', items: notice }
    }
  }
};

/** The whole description; `origin` is where this server is reached. The map file's part is the schema that validates. */
export const openApi = (origin: string) => {
  const { $schema: _, ...mapFile } = toJsonSchema(mapFileSchema, { errorMode: 'ignore', typeMode: 'input' });
  return {
    openapi: '3.1.0',
    info: { title: 'Meander', version: '1', license: { name: 'MIT' } },
    servers: [{ url: `${origin}/api/v1` }],
    security: [{ bearer: [] }],
    paths: {
      ...PATHS,
      ...AUTHOR_PATHS,
      ...COMMENT_PATHS,
      ...PEOPLE_PATHS,
      ...SUGGESTION_PATHS,
      ...REVIEW_PATHS,
      ...PICTURE_PATHS
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ...SCHEMAS,
        ...AUTHOR_SCHEMAS,
        ...COMMENT_SCHEMAS,
        ...PEOPLE_SCHEMAS,
        ...SUGGESTION_SCHEMAS,
        ...REVIEW_SCHEMAS,
        ...PICTURE_SCHEMAS,
        MapFile: mapFile
      }
    }
  };
};

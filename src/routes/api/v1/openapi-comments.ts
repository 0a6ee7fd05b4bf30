import { COMMENT_LIMITS, REACTIONS, VERDICTS } from '#lib/protocol/comments.ts';
import { DIGEST_INTERVALS, INBOX_KINDS } from '#lib/protocol/inbox.ts';
import { mapId, ok, problem, PROBLEMS, query, ref } from './openapi-parts.ts';

const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });

const emoji = { ...inPath('emoji'), schema: { enum: REACTIONS } };

const body = (schema: object) => ({ required: true, content: { 'application/json': { schema } } });

const listParameters = (most: number) => [
  query('cursor', { type: 'string' }, 'The `next` of the page before.'),
  query('limit', { type: 'integer', minimum: 1, maximum: most, default: most }, 'How many at most.')
];

const made = ok('Made.', { type: 'object', required: ['id'], properties: { id: { type: 'string' } } });

const nothing = ok('Done.', { type: 'object' });

const commentText = { type: 'string', minLength: 1, maxLength: COMMENT_LIMITS.text };

const COMMENT_PROBLEMS = {
  400: problem('The body is not JSON, or a parameter is wrong.'),
  403: problem('The role does not allow it, or the comment is somebody else’s.'),
  422: problem('The body breaks a rule; nothing was stored.'),
  ...PROBLEMS
};

/** Addresses of comments and the inbox. */
export const COMMENT_PATHS = {
  '/maps/{id}/people': {
    get: {
      summary: 'Everybody on the map, who can be mentioned',
      parameters: [mapId],
      responses: {
        200: ok('The people.', {
          type: 'object',
          required: ['people'],
          properties: { people: { type: 'array', items: ref('Person') } }
        }),
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/comments': {
    get: {
      summary: 'Threads of comments, newest first',
      parameters: [mapId, ...listParameters(200)],
      responses: { 200: ok('A page of threads.', ref('ThreadPage')), ...COMMENT_PROBLEMS }
    },
    post: {
      summary: 'Begin a thread',
      parameters: [mapId],
      requestBody: body(ref('NewThread')),
      responses: { 201: made, ...COMMENT_PROBLEMS }
    }
  },
  '/maps/{id}/comments/{thread}': {
    post: {
      summary: 'Answer in a thread, which opens it again',
      parameters: [mapId, inPath('thread')],
      requestBody: body(ref('Words')),
      responses: { 201: made, ...COMMENT_PROBLEMS }
    },
    patch: {
      summary: 'Resolve a thread, open it again, or mark it as read',
      parameters: [mapId, inPath('thread')],
      requestBody: body({
        oneOf: [
          { type: 'object', required: ['resolved'], properties: { resolved: { type: 'boolean' } } },
          { type: 'object', required: ['seen'], properties: { seen: { const: true } } }
        ]
      }),
      responses: { 200: nothing, ...COMMENT_PROBLEMS }
    }
  },
  '/maps/{id}/comments/{thread}/{comment}': {
    patch: {
      summary: 'Change one’s own words',
      parameters: [mapId, inPath('thread'), inPath('comment')],
      requestBody: body({ type: 'object', required: ['text'], properties: { text: commentText } }),
      responses: { 200: nothing, ...COMMENT_PROBLEMS }
    },
    delete: {
      summary: 'Take a comment’s words away; its trace stays',
      parameters: [mapId, inPath('thread'), inPath('comment')],
      responses: { 200: nothing, ...COMMENT_PROBLEMS }
    }
  },
  '/maps/{id}/comments/{thread}/{comment}/reactions/{emoji}': {
    put: {
      summary: 'React to a comment',
      parameters: [mapId, inPath('thread'), inPath('comment'), emoji],
      responses: { 200: nothing, ...COMMENT_PROBLEMS }
    },
    delete: {
      summary: 'Take a reaction back',
      parameters: [mapId, inPath('thread'), inPath('comment'), emoji],
      responses: { 200: nothing, ...COMMENT_PROBLEMS }
    }
  },
  '/inbox': {
    get: {
      summary: 'What the caller was told of, newest first',
      parameters: listParameters(100),
      responses: {
        200: ok('A page of the inbox.', ref('InboxPage')),
        400: problem('A parameter is wrong.'),
        ...PROBLEMS
      }
    },
    patch: {
      summary: 'Mark as read what is named, or everything',
      requestBody: body({
        oneOf: [
          { type: 'object', required: ['all'], properties: { all: { const: true } } },
          {
            type: 'object',
            required: ['ids'],
            properties: { ids: { type: 'array', maxItems: 100, items: { type: 'string' } } }
          }
        ]
      }),
      responses: { 200: nothing, 422: problem('The body breaks a rule.'), ...PROBLEMS }
    }
  },
  '/inbox/settings': {
    get: {
      summary: 'What the caller is told of, and how often by mail',
      responses: { 200: ok('The settings.', ref('InboxSettings')), ...PROBLEMS }
    },
    patch: {
      summary: 'Change what the caller is told of',
      requestBody: body(ref('InboxSettings')),
      responses: {
        200: ok('The settings as they are now.', ref('InboxSettings')),
        422: problem('The body breaks a rule.'),
        ...PROBLEMS
      }
    }
  }
} as const;

const moment = { type: 'string', format: 'date-time' };

const maybeMoment = { type: ['string', 'null'], format: 'date-time' };

const person = {
  type: 'object',
  required: ['id', 'name', 'guest'],
  properties: { id: { type: 'string' }, name: { type: 'string' }, guest: { type: 'boolean' } }
};

const words = {
  text: commentText,
  mentions: { type: 'array', maxItems: COMMENT_LIMITS.mentions, items: { type: 'string' } },
  verdict: { enum: [...VERDICTS, null] }
};

export const COMMENT_SCHEMAS = {
  Person: person,
  Words: { type: 'object', required: ['text'], additionalProperties: false, properties: words },
  NewThread: {
    type: 'object',
    required: ['anchor', 'text'],
    additionalProperties: false,
    properties: {
      anchor: {
        type: 'string',
        description:
          'map, stage/ID, card/ID, cell/LANE/STAGE, opportunity/ID, object/ID or point/X/Y in board units.'
      },
      ...words
    }
  },
  ThreadPage: {
    type: 'object',
    required: ['threads', 'next'],
    properties: {
      threads: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'anchor', 'about', 'createdAt', 'resolvedAt', 'resolvedBy', 'unread', 'comments'],
          properties: {
            id: { type: 'string' },
            anchor: { type: 'string' },
            about: { type: 'string' },
            createdAt: moment,
            resolvedAt: maybeMoment,
            resolvedBy: { oneOf: [ref('Person'), { type: 'null' }] },
            unread: { type: 'boolean' },
            comments: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  id: { type: 'string' },
                  author: { oneOf: [ref('Person'), { type: 'null' }] },
                  text: { type: 'string' },
                  verdict: { enum: [...VERDICTS, null] },
                  mentions: { type: 'array', items: { type: 'string' } },
                  createdAt: moment,
                  editedAt: maybeMoment,
                  deletedAt: maybeMoment,
                  reactions: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: {
                        emoji: { enum: REACTIONS },
                        people: { type: 'array', items: { type: 'string' } }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      },
      next: { type: ['string', 'null'] }
    }
  },
  InboxSettings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      muted: { type: 'array', items: { enum: INBOX_KINDS }, description: 'What the person is not told of.' },
      digest: { enum: DIGEST_INTERVALS, description: 'How often the unread comes by mail at most.' }
    }
  },
  InboxPage: {
    type: 'object',
    required: ['items', 'unread', 'next'],
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: { type: 'string' },
            kind: { enum: INBOX_KINDS },
            map: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
            thread: { type: ['string', 'null'], description: 'Of a comment.' },
            comment: { type: ['string', 'null'] },
            subject: { type: ['string', 'null'], description: 'Of anything else, such as suggestion/ID.' },
            author: { oneOf: [ref('Person'), { type: 'null' }] },
            text: { type: 'string' },
            about: { type: 'string' },
            at: moment,
            readAt: maybeMoment
          }
        }
      },
      unread: { type: 'integer' },
      next: { type: ['string', 'null'] }
    }
  }
};

import { SUGGESTION_LIMITS, SUGGESTION_STATES } from '#lib/protocol/suggestions.ts';
import { mapId, ok, problem, PROBLEMS, query, ref } from './openapi-parts.ts';

const suggestion = { name: 'suggestion', in: 'path', required: true, schema: { type: 'string' } };

const body = (schema: object) => ({ required: true, content: { 'application/json': { schema } } });

const SUGGESTION_PROBLEMS = {
  400: problem('The body is not JSON, or a parameter is wrong.'),
  403: problem('The role does not allow it.'),
  422: problem('The body breaks a rule; nothing was stored.'),
  ...PROBLEMS
};

/** Addresses of suggestions. */
export const SUGGESTION_PATHS = {
  '/maps/{id}/suggestions': {
    get: {
      summary: 'Edits that people propose, newest first: those that are open',
      parameters: [
        mapId,
        query('decided', { type: 'string' }, 'Present: those that are not open any more.'),
        query('cursor', { type: 'string' }, 'The `next` of the page before.'),
        query('limit', { type: 'integer', minimum: 1, maximum: 200, default: 200 }, 'How many at most.')
      ],
      responses: { 200: ok('A page of suggestions.', ref('SuggestionPage')), ...SUGGESTION_PROBLEMS }
    },
    post: {
      summary: 'Propose edits of cards and numbers; whoever may comment may',
      parameters: [mapId],
      requestBody: body(ref('Proposal')),
      responses: {
        201: ok('Proposed.', {
          type: 'object',
          required: ['ids'],
          properties: { ids: { type: 'array', items: { type: 'string' } } }
        }),
        ...SUGGESTION_PROBLEMS
      }
    }
  },
  '/maps/{id}/suggestions/{suggestion}': {
    patch: {
      summary: 'Accept, decline or take back a suggestion, or hold it for a moment',
      description:
        'Accepting makes the edit in the caller’s name where the map does not say it yet, and records it. Holding keeps others from accepting it for 15 seconds, for a caller who makes the edit on a board of their own.',
      parameters: [mapId, suggestion],
      requestBody: body(ref('SuggestionDecision')),
      responses: {
        200: ok('Done.', { type: 'object' }),
        409: problem(
          'It is decided, somebody else is accepting it, or the map has changed; nothing was changed.'
        ),
        ...SUGGESTION_PROBLEMS
      }
    }
  }
} as const;

const id = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };
const number = { type: ['number', 'null'], description: 'Null: not set.' };
const moment = { type: 'string', format: 'date-time' };
const words = { type: ['string', 'null'], maxLength: SUGGESTION_LIMITS.why };

const object = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  required,
  additionalProperties: false,
  properties
});

const cell = { lane: id, stage: id };

const kind = (name: string) => ({ const: name });

export const SUGGESTION_SCHEMAS = {
  SuggestedChange: {
    description: 'An edit with what was there before, by which a change in the meantime is noticed.',
    oneOf: [
      object({ kind: kind('text'), card: id, from: { type: 'string' }, to: { type: 'string' } }),
      object({ kind: kind('add'), card: id, text: { type: 'string' }, ...cell }),
      object({ kind: kind('remove'), card: id, from: { type: 'string' } }),
      object({ kind: kind('move'), card: id, from: object(cell), to: object(cell) }),
      object({ kind: kind('metric'), key: { type: 'string' }, from: number, to: number })
    ]
  },
  Proposal: object(
    {
      changes: {
        type: 'array',
        minItems: 1,
        maxItems: SUGGESTION_LIMITS.atOnce,
        items: ref('SuggestedChange')
      },
      why: words
    },
    ['changes']
  ),
  SuggestionDecision: {
    oneOf: [
      object({ decision: kind('accept'), reason: words, anyway: { type: 'boolean', default: false } }, [
        'decision'
      ]),
      object({ decision: kind('decline'), reason: words }, ['decision']),
      object({ decision: kind('hold') }),
      object({ decision: kind('withdraw') })
    ]
  },
  SuggestionPage: {
    type: 'object',
    required: ['suggestions', 'next'],
    properties: {
      suggestions: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: { type: 'string' },
            author: { oneOf: [ref('Person'), { type: 'null' }] },
            change: ref('SuggestedChange'),
            about: { type: 'string' },
            why: { type: ['string', 'null'] },
            state: { enum: SUGGESTION_STATES },
            createdAt: moment,
            decidedBy: { oneOf: [ref('Person'), { type: 'null' }] },
            decidedAt: { type: ['string', 'null'], format: 'date-time' },
            reason: { type: ['string', 'null'] },
            clv: {
              oneOf: [
                object({ before: { type: 'number' }, after: { type: 'number' } }),
                { type: 'null', description: 'It changed no number, or the map could not be valued.' }
              ]
            }
          }
        }
      },
      next: { type: ['string', 'null'] }
    }
  }
};

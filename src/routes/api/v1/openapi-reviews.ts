import { REVIEW_INTERVALS, REVIEW_LIMITS, REVIEW_OUTCOMES } from '#lib/protocol/reviews.ts';
import { mapId, ok, problem, PROBLEMS, ref } from './openapi-parts.ts';

const body = (schema: object) => ({ required: true, content: { 'application/json': { schema } } });

const nothing = ok('Done.', { type: 'object' });

const REVIEW_PROBLEMS = {
  400: problem('The body is not JSON.'),
  403: problem('The role does not allow it.'),
  422: problem('The body breaks a rule; nothing was stored.'),
  ...PROBLEMS
};

/** Addresses of the review cycle and the wins of a map. */
export const REVIEW_PATHS = {
  '/maps/{id}/review': {
    get: {
      summary: 'When the map is to be reviewed and by whom, what came of it, and its wins',
      parameters: [mapId],
      responses: { 200: ok('The review.', ref('Review')), ...PROBLEMS }
    },
    put: {
      summary: 'Plan the next review',
      parameters: [mapId],
      requestBody: body(ref('ReviewPlan')),
      responses: { 200: nothing, ...REVIEW_PROBLEMS }
    },
    post: {
      summary: 'Conclude a review; the next one is due by the plan’s interval',
      parameters: [mapId],
      requestBody: body(ref('ReviewConclusion')),
      responses: { 201: nothing, ...REVIEW_PROBLEMS }
    }
  },
  '/maps/{id}/wins': {
    post: {
      summary: 'Share a win with everybody on the map',
      parameters: [mapId],
      requestBody: body(ref('NewWin')),
      responses: {
        201: ok('Shared.', { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }),
        ...REVIEW_PROBLEMS
      }
    }
  },
  '/maps/{id}/wins/{win}': {
    delete: {
      summary: 'Take a win away: its author, or an owner of the map',
      parameters: [mapId, { name: 'win', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: nothing, 403: problem('It is somebody else’s.'), ...PROBLEMS }
    }
  }
} as const;

const moment = { type: 'string', format: 'date-time' };
const person = { oneOf: [ref('Person'), { type: 'null' }] };
const amount = { type: ['number', 'null'], description: 'In the map’s currency.' };
const winText = { type: 'string', minLength: 1, maxLength: REVIEW_LIMITS.win };
const note = { type: 'string', maxLength: REVIEW_LIMITS.note };

export const REVIEW_SCHEMAS = {
  Review: {
    type: 'object',
    required: ['dueAt', 'every', 'reviewers', 'concluded', 'wins'],
    properties: {
      dueAt: { type: ['string', 'null'], format: 'date-time' },
      every: { enum: REVIEW_INTERVALS },
      reviewers: { type: 'array', items: ref('Person') },
      concluded: {
        type: 'array',
        description: 'Newest first, at most 50.',
        items: {
          type: 'object',
          properties: {
            id: { type: 'string' },
            by: person,
            outcome: { enum: REVIEW_OUTCOMES },
            note,
            clv: { type: ['number', 'null'], description: 'Of the baseline then.' },
            at: moment
          }
        }
      },
      wins: {
        type: 'array',
        description: 'Newest first, at most 100.',
        items: {
          type: 'object',
          properties: { id: { type: 'string' }, by: person, text: winText, amount, at: moment }
        }
      }
    }
  },
  ReviewPlan: {
    type: 'object',
    required: ['dueAt', 'every', 'reviewers'],
    additionalProperties: false,
    properties: {
      dueAt: { type: ['string', 'null'], format: 'date' },
      every: { enum: REVIEW_INTERVALS },
      reviewers: { type: 'array', maxItems: REVIEW_LIMITS.reviewers, items: { type: 'string' } }
    }
  },
  ReviewConclusion: {
    type: 'object',
    required: ['outcome'],
    additionalProperties: false,
    properties: { outcome: { enum: REVIEW_OUTCOMES }, note }
  },
  NewWin: {
    type: 'object',
    required: ['text'],
    additionalProperties: false,
    properties: { text: winText, amount }
  }
};

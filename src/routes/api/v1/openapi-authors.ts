import { AUTHORED_AT_MOST } from '#lib/protocol/authors.ts';
import { mapId, ok, problem, PROBLEMS, query, ref } from './openapi-parts.ts';

/** Addresses that tell who wrote what. */
export const AUTHOR_PATHS = {
  '/maps/{id}/authors': {
    get: {
      summary: 'Who wrote things on the map, and when, as the server has seen it',
      parameters: [
        mapId,
        query(
          'of',
          { type: 'string', examples: ['cards/c1,metrics/cells/touchpoints/visit/cost'] },
          `1 to ${AUTHORED_AT_MOST} things with commas between them: stages/<id>, lanes/<id>, cards/<id>, objects/<id> or metrics/<number>.`
        )
      ],
      responses: {
        200: ok('What is known; things that are not on the map are missing.', {
          type: 'object',
          required: ['authored'],
          properties: { authored: { type: 'array', items: ref('Authored') } }
        }),
        400: problem('The parameter is wrong.'),
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/authors/cards': {
    get: {
      summary: 'Who put the cards of the map there',
      parameters: [mapId],
      responses: {
        200: ok('Card ids by account id. Cards that came with the map are missing.', {
          type: 'object',
          required: ['people', 'cards'],
          properties: {
            people: { type: 'array', items: ref('Author') },
            cards: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } }
          }
        }),
        ...PROBLEMS
      }
    }
  }
};

const author = {
  type: 'object',
  required: ['id', 'name', 'guest', 'gone'],
  properties: {
    id: { type: 'string' },
    name: {
      type: ['string', 'null'],
      description: 'Null for a guest without a name, and when the account is gone.'
    },
    guest: { type: 'boolean' },
    gone: { type: 'boolean', description: 'The account does not exist any more.' }
  }
};

export const AUTHOR_SCHEMAS = {
  Author: author,
  Deed: {
    type: 'object',
    required: ['from', 'by', 'at'],
    properties: {
      from: {
        enum: ['person', 'server', 'start'],
        description: 'A person, the server itself, or it came with the map when the map was made.'
      },
      by: { oneOf: [ref('Author'), { type: 'null' }] },
      at: {
        type: ['string', 'null'],
        format: 'date-time',
        description: 'To the minute; null where it was not noted.'
      }
    }
  },
  Authored: {
    type: 'object',
    required: ['of', 'made', 'changed', 'people'],
    properties: {
      of: { type: 'string' },
      made: ref('Deed'),
      changed: ref('Deed'),
      people: { type: 'array', items: ref('Author') }
    }
  }
};

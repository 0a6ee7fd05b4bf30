import { AUDIT_ACTIONS } from '#lib/protocol/audit.ts';
import { mapId, ok, problem, PROBLEMS, query, ref } from './openapi-parts.ts';

const paged = (most: number) => [
  query('cursor', { type: 'string' }, 'The `next` of the page before.'),
  query('limit', { type: 'integer', minimum: 1, maximum: most, default: most }, 'How many at most.')
];

/** What is described of people and their rights on a map. */
export const PEOPLE_PATHS = {
  '/maps/{id}/audit': {
    get: {
      summary: 'Who did what on the map, newest first; for its owners',
      parameters: [mapId, ...paged(100)],
      responses: {
        200: ok('A page of rows.', ref('AuditPage')),
        400: problem('A parameter is wrong.'),
        403: problem('Not an owner.'),
        ...PROBLEMS
      }
    }
  }
} as const;

const auditPerson = {
  type: ['object', 'null'],
  required: ['id', 'name', 'guest'],
  properties: { id: { type: 'string' }, name: { type: ['string', 'null'] }, guest: { type: 'boolean' } }
};

export const PEOPLE_SCHEMAS = {
  AuditRow: {
    type: 'object',
    required: ['seq', 'at', 'action', 'by', 'person', 'detail'],
    properties: {
      seq: { type: 'integer' },
      at: { type: 'string', format: 'date-time' },
      action: { enum: AUDIT_ACTIONS },
      by: { ...auditPerson, description: 'Null: a stranger, or whoever runs the server.' },
      person: { ...auditPerson, description: 'Whom it concerned, where it was another person.' },
      detail: { type: 'object', description: 'Particulars, such as `role` or `link`. No secrets.' }
    }
  },
  AuditPage: {
    type: 'object',
    required: ['rows', 'next'],
    properties: { rows: { type: 'array', items: ref('AuditRow') }, next: { type: ['string', 'null'] } }
  }
};

import { AUDIT_ACTIONS } from '#lib/protocol/audit.ts';
import { LINK_LIMITS, LINK_ROLES, VISIBILITIES } from '#lib/protocol/sharing.ts';
import { mapId, ok, problem, PROBLEMS, query, ref } from './openapi-parts.ts';

const paged = (most: number) => [
  query('cursor', { type: 'string' }, 'The `next` of the page before.'),
  query('limit', { type: 'integer', minimum: 1, maximum: most, default: most }, 'How many at most.')
];

const parameter = (name: string) => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' }
});

const body = (required: readonly string[], properties: object) => ({
  required: true,
  content: {
    'application/json': { schema: { type: 'object', additionalProperties: false, required, properties } }
  }
});

const CHANGE = {
  400: problem('The body is not JSON.'),
  403: problem('Not an owner.'),
  413: problem('The body is larger than 10 MB.'),
  422: problem('The body breaks a rule; each error names its path. Nothing was changed.'),
  ...PROBLEMS
};
const DONE = { 204: { description: 'Done.' } };
const role = { enum: LINK_ROLES };
const password = {
  type: 'string',
  description: 'Of the account that asks; guests have none.'
};
const fresh = {
  type: 'string',
  format: 'uri',
  description: 'The address. It is in this answer alone: only its hash is kept.'
};

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
  },
  '/maps/{id}/sharing': {
    get: {
      summary: 'Who may open the map and as what; for its owners',
      parameters: [mapId],
      responses: {
        200: ok('Visibility, people, links, invitations.', ref('Sharing')),
        403: problem('Not an owner.'),
        ...PROBLEMS
      }
    },
    patch: {
      summary: 'Open the map to whoever has a link, or to people named alone',
      parameters: [mapId],
      requestBody: body(['visibility'], { visibility: { enum: VISIBILITIES } }),
      responses: { ...DONE, ...CHANGE }
    }
  },
  '/maps/{id}/links': {
    post: {
      summary: 'Make a share link; opens the map to links',
      parameters: [mapId],
      requestBody: body(['role'], {
        role,
        expiresAt: { type: ['string', 'null'], format: 'date-time' },
        password: {
          type: ['string', 'null'],
          minLength: LINK_LIMITS.passwordShortest,
          maxLength: LINK_LIMITS.passwordLongest
        },
        usesLimit: { type: ['integer', 'null'], minimum: 1, maximum: LINK_LIMITS.uses }
      }),
      responses: {
        201: ok('Made.', {
          allOf: [ref('Link'), { type: 'object', required: ['url'], properties: { url: fresh } }]
        }),
        ...CHANGE
      }
    }
  },
  '/maps/{id}/links/{link}': {
    patch: {
      summary: 'Give a link a new address; those who are in stay in',
      parameters: [mapId, parameter('link')],
      requestBody: body(['rotate'], { rotate: { const: true } }),
      responses: {
        200: ok('The new address.', { type: 'object', required: ['url'], properties: { url: fresh } }),
        ...CHANGE
      }
    },
    delete: {
      summary: 'End a link and the rights that came by it',
      parameters: [mapId, parameter('link')],
      responses: { ...DONE, 403: problem('Not an owner.'), ...PROBLEMS }
    }
  },
  '/maps/{id}/invitations': {
    post: {
      summary: 'Invite an address, whether it has an account or not: once, for seven days',
      parameters: [mapId],
      requestBody: body(['email', 'role'], { email: { type: 'string', format: 'email' }, role }),
      responses: {
        201: ok('Invited.', {
          type: 'object',
          required: ['id', 'url'],
          properties: { id: { type: 'string' }, url: fresh }
        }),
        ...CHANGE
      }
    }
  },
  '/maps/{id}/invitations/{invitation}': {
    delete: {
      summary: 'Take an invitation back',
      parameters: [mapId, parameter('invitation')],
      responses: { ...DONE, 403: problem('Not an owner.'), ...PROBLEMS }
    }
  },
  '/maps/{id}/people/{person}': {
    patch: {
      summary: 'Change what somebody may do',
      parameters: [mapId, parameter('person')],
      requestBody: body(['role'], { role: { enum: ['owner', ...LINK_ROLES] }, password }),
      responses: { ...DONE, 409: problem('The map would have no owner.'), ...CHANGE }
    },
    delete: {
      summary: 'Take somebody off the map, or oneself',
      parameters: [mapId, parameter('person')],
      responses: {
        ...DONE,
        403: problem('Not an owner.'),
        409: problem('The map would have no owner.'),
        ...PROBLEMS
      }
    }
  },
  '/maps/{id}/transfer': {
    post: {
      summary: 'Make somebody the owner in one’s own place',
      parameters: [mapId],
      requestBody: body(['to'], { to: { type: 'string' }, password }),
      responses: { ...DONE, ...CHANGE }
    }
  }
} as const;

const auditPerson = {
  type: ['object', 'null'],
  required: ['id', 'name', 'guest'],
  properties: { id: { type: 'string' }, name: { type: ['string', 'null'] }, guest: { type: 'boolean' } }
};

const time = { type: ['string', 'null'], format: 'date-time' };

export const PEOPLE_SCHEMAS = {
  Link: {
    type: 'object',
    required: ['id', 'role', 'createdAt', 'expiresAt', 'usesLimit', 'uses', 'locked'],
    properties: {
      id: { type: 'string' },
      role,
      createdAt: { type: 'string', format: 'date-time' },
      expiresAt: time,
      usesLimit: { type: ['integer', 'null'], description: 'How many people may come by it.' },
      uses: { type: 'integer' },
      locked: { type: 'boolean', description: 'It asks for a password.' }
    }
  },
  Sharing: {
    type: 'object',
    required: ['visibility', 'people', 'links', 'invitations'],
    properties: {
      visibility: { enum: VISIBILITIES },
      people: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'name', 'guest', 'role', 'linkId'],
          properties: {
            id: { type: 'string' },
            name: { type: 'string' },
            guest: { type: 'boolean' },
            role: { enum: ['owner', ...LINK_ROLES] },
            linkId: { type: ['string', 'null'], description: 'By which link; null: a right of their own.' }
          }
        }
      },
      links: { type: 'array', items: ref('Link') },
      invitations: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'email', 'role', 'expiresAt'],
          properties: { id: { type: 'string' }, email: { type: 'string' }, role, expiresAt: time }
        }
      }
    }
  },
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

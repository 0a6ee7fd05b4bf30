/* What every part of the description is made of. */

export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
});

export const ok = (description: string, schema: object) => ({
  description,
  content: { 'application/json': { schema } }
});

export const PROBLEMS = {
  401: problem('No valid bearer token.'),
  404: problem('There is nothing here, or it is not yours.'),
  429: problem('Too many requests; Retry-After says how long to wait.')
};

export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const mapId = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' }
};

export const query = (name: string, schema: object, description: string) => ({
  name,
  in: 'query',
  schema,
  description
});

import type { OnMap } from './people.ts';

/** What a request of one route says; bodies are such that only the right decides. */
export interface Request {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}
type Recipe = (map: OnMap) => Request;

/** Requests that end the session of whoever asks: they come after everything else. */
export const LAST: ReadonlySet<string> = new Set(['POST /account?/everywhere', 'POST /sign-out']);

/** Mail programs press this for their reader (RFC 8058): it comes from anywhere, and its secret is in the address. */
export const FROM_ANYWHERE: ReadonlySet<string> = new Set(['POST /mail/off/[token]']);

const UNKNOWN = '00000000-0000-4000-8000-00000000dead';
const nothing: Recipe = () => ({});
const blank: Recipe = () => ({ form: {} });
const of =
  (rest: Omit<Request, 'path'> = {}, ...names: readonly (keyof OnMap)[]): Recipe =>
  (map) => ({
    path: Object.fromEntries(['id' as const, ...names].map((name) => [name, map[name]])),
    ...rest
  });
const form =
  (fields: Readonly<Record<string, string>>): Recipe =>
  () => ({ form: fields });
const named =
  (fields: Readonly<Record<string, string>> = {}): Recipe =>
  ({ id }) => ({ form: { id, ...fields } });
const decided = { suggestion: UNKNOWN };

export const RECIPES: Readonly<Record<string, Recipe>> = {
  'GET /': nothing,
  'GET /account': nothing,
  'GET /api/v1/inbox': nothing,
  'GET /api/v1/inbox/settings': nothing,
  'GET /api/v1/maps': nothing,
  'GET /api/v1/maps/[id]': of(),
  'GET /api/v1/maps/[id]/audit': of(),
  'GET /api/v1/maps/[id]/authors': of({ query: '?of=cards/none' }),
  'GET /api/v1/maps/[id]/authors/cards': of(),
  'GET /api/v1/maps/[id]/clv': of(),
  'GET /api/v1/maps/[id]/comments': of(),
  'GET /api/v1/maps/[id]/images/[hash]': of(),
  'GET /api/v1/maps/[id]/people': of(),
  'GET /api/v1/maps/[id]/sharing': of(),
  'GET /api/v1/maps/[id]/review': of(),
  'GET /api/v1/maps/[id]/suggestions': of(),
  'GET /api/v1/maps/[id]/versions': of(),
  'GET /api/v1/maps/[id]/versions/[version]': of({}, 'version'),
  'GET /api/v1/maps/[id]/versions/[version]/state': of({}, 'version'),
  'GET /api/v1/openapi.json': nothing,
  'GET /forgot': nothing,
  'GET /i/[token]': of({}, 'token'),
  'GET /inbox': nothing,
  'GET /inbox/settings': nothing,
  'GET /invitation': nothing,
  'GET /livez': nothing,
  'GET /mail/off/[token]': nothing,
  'GET /maps': nothing,
  'GET /maps/[id]': of(),
  'GET /maps/[id]/audit': of(),
  'GET /maps/[id]/clv': of(),
  'GET /maps/[id]/images/[hash]': of(),
  'GET /metrics': nothing,
  'GET /readyz': nothing,
  'GET /reset/[token]': nothing,
  'GET /s/[token]': of({}, 'token'),
  'GET /sign-in': nothing,
  'GET /sign-up': nothing,

  'PATCH /api/v1/inbox/settings': () => ({ json: { muted: [] } }),
  'PATCH /api/v1/maps/[id]/comments/[thread]': of({ json: { resolved: true } }, 'thread'),
  'PATCH /api/v1/maps/[id]/comments/[thread]/[comment]': of(
    { json: { text: 'Because' } },
    'thread',
    'comment'
  ),
  'PATCH /api/v1/maps/[id]/links/[link]': of({ json: { rotate: true } }, 'link'),
  'PATCH /api/v1/maps/[id]/people/[person]': of({ json: { role: 'viewer' } }, 'person'),
  'PATCH /api/v1/maps/[id]/sharing': of({ json: { visibility: 'link' } }),
  'PATCH /api/v1/maps/[id]/versions/[version]': of({ json: { name: 'Named' } }, 'version'),

  'DELETE /api/v1/maps/[id]/comments/[thread]/[comment]': of({}, 'thread', 'comment'),
  'DELETE /api/v1/maps/[id]/comments/[thread]/[comment]/reactions/[emoji]': (map) => ({
    path: { ...map, emoji: '👍' }
  }),
  'DELETE /api/v1/maps/[id]/invitations/[invitation]': of({}, 'invitation'),
  'DELETE /api/v1/maps/[id]/links/[link]': of({}, 'link'),
  'DELETE /api/v1/maps/[id]/wins/[win]': ({ id }) => ({ path: { id, win: UNKNOWN } }),
  'DELETE /api/v1/maps/[id]/people/[person]': of({}, 'person'),
  'PUT /api/v1/maps/[id]/images/[hash]': of(),
  'PUT /api/v1/maps/[id]/comments/[thread]/[comment]/reactions/[emoji]': (map) => ({
    path: { ...map, emoji: '👍' }
  }),

  'POST /?/example': form({ example: 'subscription-trial' }),
  'POST /?/start': blank,
  'POST /account?/everywhere': blank,
  'POST /account?/password': form({ current: 'not the password', next: 'another horse, other staple' }),
  'POST /account?/remove': form({ password: 'not the password' }),
  'POST /account?/rename': form({ name: 'Renamed' }),
  'POST /api/v1/clv/fit': () => ({ json: { model: 'none' } }),
  'PATCH /api/v1/inbox': () => ({ json: { all: true } }),
  'POST /api/v1/maps': () => ({ json: { preset: 'blank' } }),
  'POST /api/v1/maps/[id]/comments': of({ json: { anchor: 'map', text: 'New' } }),
  'POST /api/v1/maps/[id]/comments/[thread]': of({ json: { text: 'Answer' } }, 'thread'),
  'POST /api/v1/maps/[id]/images': of(),
  'POST /api/v1/maps/[id]/invitations': of({ json: { email: 'ann@example.org', role: 'viewer' } }),
  'POST /api/v1/maps/[id]/links': of({ json: { role: 'viewer' } }),
  'POST /api/v1/maps/[id]/review': of({ json: { outcome: 'holds' } }),
  'PUT /api/v1/maps/[id]/review': of({ json: { dueAt: '2027-03-31', every: 'year', reviewers: [] } }),
  'POST /api/v1/maps/[id]/wins': of({ json: { text: 'A win' } }),
  'POST /api/v1/maps/[id]/suggestions': of({
    json: { changes: [{ kind: 'text', card: 'none', from: '', to: 'New' }] }
  }),
  'PATCH /api/v1/maps/[id]/suggestions/[suggestion]': ({ id }) => ({
    path: { id, ...decided },
    json: { decision: 'decline' }
  }),
  'POST /api/v1/maps/[id]/transfer': (map) => ({
    path: { id: map.id },
    json: { to: map.person, password: 'correct horse battery staple' }
  }),
  'POST /api/v1/maps/[id]/versions': of({ json: { name: 'Kept' } }),
  'POST /api/v1/maps/[id]/versions/[version]/restore': of({ json: {} }, 'version'),
  'POST /forgot': form({ email: 'nobody@example.org' }),
  'POST /inbox/settings': blank,
  'POST /inbox?/read': blank,
  'POST /invitation': blank,
  'POST /mail/off/[token]': blank,
  'POST /maps/[id]?/name': of({ form: { name: 'Gus' } }),
  'POST /maps/[id]?/restore': of({ form: {} }),
  'POST /maps?/create': form({ preset: 'blank' }),
  'POST /maps?/duplicate': named(),
  'POST /maps?/rename': named({ title: 'Renamed' }),
  'POST /maps?/restore': named(),
  'POST /maps?/trash': named(),
  'POST /reset/[token]': form({ password: 'another horse, other staple' }),
  'POST /s/[token]': (map) => ({ path: { token: map.token }, form: { name: 'Nell' } }),
  'POST /sign-in': form({ email: 'nobody@example.org', password: 'not the password' }),
  'POST /sign-out': blank,
  'POST /sign-up': form({ email: 'not an address', name: 'N', password: 'another horse, other staple' })
};

import { createServer } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addToken,
  removeData,
  runAdmin,
  runProgram,
  startProgram,
  temporaryData,
  Visitor,
  type Program
} from '../support/program.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

let program: Program;
let dataDir: string;
let ann: string;
let ben: string;

beforeAll(async () => {
  dataDir = temporaryData();
  program = await startProgram(dataDir);
  ann = addToken(dataDir, 'ann@example.org');
  ben = addToken(dataDir, 'ben@example.org');
}, 60_000);

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

async function call(
  method: string,
  path: string,
  options: { token?: string; body?: unknown; headers?: Record<string, string> } = {}
): Promise<Answer> {
  const { token, body, headers } = options;
  const response = await fetch(program.url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>
  };
}

const example = (id: string) =>
  JSON.parse(readFileSync(new URL(`../../static/examples/${id}.json`, import.meta.url), 'utf8')) as {
    stages: Record<string, unknown>[];
    transitions: Record<string, unknown>[];
    cells: Record<string, unknown>[];
  };

const add = async (body: unknown, token = ann): Promise<string> => {
  const made = await call('POST', '/api/v1/maps', { token, body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id as string;
};

const mapCount = async () =>
  ((await call('GET', '/api/v1/maps?limit=100', { token: ann })).body.maps as unknown[]).length;

describe('maps', () => {
  test.each(['s3-eight', 's2-six', 's1-five', 's0-five', 's0-four', 'blank'])(
    'the preset %s makes a map',
    async (preset) => {
      const made = await call('POST', '/api/v1/maps', { token: ann, body: { preset } });
      expect(made.status).toBe(201);
      expect(made.body).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        url: `${program.url}/maps/${String(made.body.id)}`
      });
      const file = await call('GET', `/api/v1/maps/${String(made.body.id)}`, { token: ann });
      expect(file.status).toBe(200);
      expect(file.body.format).toBe('meander-map/1');
    }
  );

  test.each(['subscription-trial', 'retail-loops', 'direct-mail'])(
    'the example %s comes back as it was sent, twice',
    async (name) => {
      const first = await add({ map: example(name) });
      const file = await call('GET', `/api/v1/maps/${first}`, { token: ann });
      const second = await add({ map: file.body });
      expect((await call('GET', `/api/v1/maps/${second}`, { token: ann })).body).toEqual(file.body);
      expect(file.body).toEqual(example(name));
    }
  );

  test('the figures of J1 in full precision, and of its scenarios', async () => {
    const id = await add({ map: example('subscription-trial') });
    const { status, body } = await call('GET', `/api/v1/maps/${id}/clv`, { token: ann });
    expect(status).toBe(200);
    const baseline = body.baseline as Record<string, number>;
    expect(baseline.clv).toBeCloseTo(524.464542929, 6);
    expect(baseline.cac).toBeCloseTo(82.570707071, 6);
    expect(baseline.clvToCac).toBeCloseTo(6.351702214, 6);
    expect(baseline.npvPerProspect).toBeCloseTo(10.18046806, 6);
    expect(baseline.paybackTicks).toBe(2);
    expect((body.scenarios as { name: string }[]).map(({ name }) => name)).toEqual([
      'Guided set-up',
      'Save desk'
    ]);
  });

  test.each<[string, Record<string, number>]>([
    [
      'retail-loops',
      {
        clv: 43.589790117,
        clvWithReferrals: 45.11238819,
        cac: 10.444444444,
        npvPerProspect: 1.920766101,
        paybackTicks: 0
      }
    ],
    ['direct-mail', { clv: 52.319609 }]
  ])('the example %s gives its published figures', async (name, figures) => {
    const id = await add({ map: example(name) });
    const { body } = await call('GET', `/api/v1/maps/${id}/clv`, { token: ann });
    const baseline = body.baseline as Record<string, number>;
    for (const [figure, value] of Object.entries(figures))
      expect(baseline[figure], figure).toBeCloseTo(value, 6);
  });

  test('an empty map has warnings or problems by code and place, and no number', async () => {
    const id = await add({ preset: 's3-eight' });
    const { body } = await call('GET', `/api/v1/maps/${id}/clv`, { token: ann });
    const baseline = body.baseline as {
      clv: number | null;
      problems: { code: string; where: string; message: string }[];
    };
    expect(baseline.clv).toBeNull();
    expect(baseline.problems.length).toBeGreaterThan(0);
    expect(baseline.problems).toContainEqual({
      code: 'E_MISSING',
      where: 'settings/grossMargin',
      message: expect.any(String) as string
    });
  });

  test('the list holds only own maps and pages by cursor', async () => {
    await add({ preset: 'blank' }, ben);
    await add({ preset: 'blank', title: 'Second' }, ben);
    const first = await call('GET', '/api/v1/maps?limit=1', { token: ben });
    expect((first.body.maps as { title: string }[]).map(({ title }) => title)).toEqual(['Second']);
    const rest = await call(
      'GET',
      `/api/v1/maps?limit=1&cursor=${encodeURIComponent(String(first.body.next))}`,
      { token: ben }
    );
    expect((rest.body.maps as unknown[]).length).toBe(1);
    expect(rest.body.next).toBeNull();
  });
});

describe('what bad input gets', () => {
  test.each<[string, number, (token: string) => Promise<Answer>]>([
    ['no token', 401, () => call('GET', '/api/v1/maps')],
    ['a wrong token', 401, () => call('GET', '/api/v1/maps', { token: 'mdr_wrong' })],
    ['no token, changing', 401, () => call('POST', '/api/v1/maps', { body: { preset: 'blank' } })],
    [
      'an unknown map',
      404,
      (token) => call('GET', '/api/v1/maps/00000000-0000-4000-8000-000000000000', { token })
    ],
    ['an id that is none', 404, (token) => call('GET', '/api/v1/maps/nonsense', { token })],
    ['figures of an unknown map', 404, (token) => call('GET', '/api/v1/maps/nonsense/clv', { token })],
    ['an unknown address', 404, (token) => call('GET', '/api/v1/nonsense', { token })],
    ['a body that is no JSON', 400, (token) => call('POST', '/api/v1/maps', { token, body: '{bad' })],
    ['no body', 400, (token) => call('POST', '/api/v1/maps', { token })],
    ['a cursor of another list', 400, (token) => call('GET', '/api/v1/maps?cursor=x', { token })],
    ['a limit of 1,000', 400, (token) => call('GET', '/api/v1/maps?limit=1000', { token })],
    [
      'a body of 11 MB',
      413,
      (token) => call('POST', '/api/v1/maps', { token, body: `"${'x'.repeat(11 * 1024 * 1024)}"` })
    ],
    ['an unknown preset', 422, (token) => call('POST', '/api/v1/maps', { token, body: { preset: 'nine' } })],
    ['neither preset nor map', 422, (token) => call('POST', '/api/v1/maps', { token, body: {} })],
    ['both', 422, (token) => call('POST', '/api/v1/maps', { token, body: { preset: 'blank', map: {} } })],
    ['a list', 422, (token) => call('POST', '/api/v1/maps', { token, body: [] })],
    ['another method', 405, (token) => call('DELETE', '/api/v1/maps', { token })]
  ])('%s: %i, problem+json', async (_what, status, send) => {
    const answer = await send(ann);
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      status,
      title: expect.any(String) as string,
      detail: expect.any(String) as string
    });
    expect(answer.body.errors).toBeInstanceOf(Array);
  });

  test('somebody else’s map is a 404, never a 403', async () => {
    const id = await add({ preset: 'blank' });
    for (const path of [`/api/v1/maps/${id}`, `/api/v1/maps/${id}/clv`])
      expect((await call('GET', path, { token: ben })).status).toBe(404);
  });

  test.each<[string, (file: ReturnType<typeof example>) => void, string, string]>([
    [
      'an unknown field',
      (file) => (file.stages[0] = { ...file.stages[0], colour: 'red' }),
      '/map/stages/0/colour',
      'E_UNKNOWN_FIELD'
    ],
    [
      'a probability of 12',
      (file) => (file.transitions[0] = { ...file.transitions[0], probability: 12 }),
      '/map/transitions/0/probability',
      'E_RANGE'
    ],
    [
      'a row sum of 1.2',
      (file) => (
        (file.transitions[4] = { ...file.transitions[4], probability: 0.9 }),
        (file.transitions[5] = { ...file.transitions[5], probability: 0.3 })
      ),
      '/map/transitions/4/probability',
      'E_ROW_SUM'
    ],
    [
      'a cycle that never ends',
      (file) => {
        file.stages[3] = { ...file.stages[3], dwell: 0 };
        file.transitions[4] = { ...file.transitions[4], probability: 1 };
        file.transitions[5] = { ...file.transitions[5], probability: 0 };
      },
      '/map/',
      'E_ZERO_LOOP'
    ]
  ])(
    'a map file with %s is refused by path and rule, and nothing is stored',
    async (_what, spoil, path, code) => {
      const before = await mapCount();
      const file = example('subscription-trial');
      spoil(file);
      const answer = await call('POST', '/api/v1/maps', { token: ann, body: { map: file } });
      expect(answer.status).toBe(422);
      const errors = answer.body.errors as { path: string; code: string; message: string }[];
      expect(errors.map((error) => error.code)).toContain(code);
      expect(errors.find((error) => error.code === code)?.path.startsWith(path), JSON.stringify(errors)).toBe(
        true
      );
      expect(await mapCount()).toBe(before);
    }
  );

  test('a foreign page cannot change anything with a cookie', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      {}
    ] as Record<string, string>[]) {
      const answer = await call('POST', '/?/start', {
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
      });
      expect(answer.status).toBe(403);
    }
  });
});

describe('trouble with the database', () => {
  const query = (sql: string) => {
    const client = new DatabaseSync(join(dataDir, 'meander.sqlite'), { timeout: 5_000 });
    try {
      client.exec(sql);
    } finally {
      client.close();
    }
  };
  const told = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(program.url + path, { headers: { accept: 'text/html', ...headers } });
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    return { status: answer.status, type: answer.headers.get('content-type'), answer };
  };

  test('a map that cannot be read is 503 with a time to come back, to programs and to people', async () => {
    const guest = new Visitor(program.url);
    const made = await guest.post('/?/start', { preset: 'blank' });
    const mine = made.headers.get('location')?.split('/').at(-1) ?? '';
    const { token: link } = await guest.link(mine, 'editor');
    const theirs = await add({ preset: 'blank' });
    query(`update snapshots set sha256 = 'spoilt' where map_id in ('${mine}', '${theirs}')`);

    const api = await told(`/api/v1/maps/${theirs}`, { authorization: `Bearer ${ann}` });
    expect(api).toMatchObject({ status: 503, type: 'application/problem+json' });
    expect(api.answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await api.answer.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });

    const page = await told(`/s/${link}`);
    expect(page.status).toBe(503);
    expect(page.answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await page.answer.text()).toContain('can’t be read at the moment');
  });

  test('an error before any route is a problem to programs, and has the same headers for everybody', async () => {
    query('alter table tokens rename to tokens_away; alter table sessions rename to sessions_away');
    const api = await told('/api/v1/maps', { authorization: `Bearer ${ann}` });
    const page = await told('/', { cookie: `meander_session=${'a'.repeat(40)}` });
    query('alter table tokens_away rename to tokens; alter table sessions_away rename to sessions');
    expect(api).toMatchObject({ status: 503, type: 'application/problem+json' });
    expect(page.status).toBe(503);
    expect(await page.answer.text()).toContain('Something went wrong on the server');
    expect((await told('/api/v1/maps', { authorization: `Bearer ${ann}` })).status).toBe(200);
  });
});

describe('operators', () => {
  test('livez and readyz answer', async () => {
    for (const path of ['/livez', '/readyz']) expect((await fetch(program.url + path)).status).toBe(200);
  });

  test('a token stands alone on stdout; mistakes are one sentence and a code', () => {
    const token = runAdmin(dataDir, 'token', 'add', '--email', 'ann@example.org');
    expect(token.stdout).toMatch(/^mdr_[A-Za-z0-9_-]{43}\n$/);
    for (const words of [
      ['token', 'add', '--email', 'nobody@example.org'],
      ['user', 'add', '--email', 'x@example.org', '--name', 'X', '--password', 'short'],
      ['user', 'add', '--email', 'ann@example.org', '--name', 'A', '--password', 'a long enough password'],
      ['nonsense'],
      ['token', 'add', '--colour', 'red']
    ]) {
      const refused = runAdmin(dataDir, ...words);
      expect(refused.status, words.join(' ')).not.toBe(0);
      expect(refused.stdout).toBe('');
      expect(refused.stderr).not.toMatch(/\n\s+at /);
    }
  });

  test.each<[string, Record<string, string>]>([
    ['a port that is none', { PORT: 'three' }],
    ['a signup policy that is none', { SIGNUPS: 'maybe' }],
    ['an origin with a path', { ORIGIN: 'https://example.org/maps' }],
    ['a database that does not answer', { DATABASE_URL: 'postgres://127.0.0.1:1/none' }]
  ])('%s: one sentence and a code that is not zero', (_what, extra) => {
    const ended = runProgram({ PORT: '0', DATA_DIR: temporaryData(), ...extra });
    expect(ended.status).toBe(1);
    expect(ended.stderr.trim().split('\n'), ended.stderr).toHaveLength(1);
    expect(ended.stderr).toMatch(/^Meander can't start: .+\.\n$/);
  });

  test('a database that cannot be opened: one sentence and a code that is not zero', () => {
    const folder = temporaryData();
    writeFileSync(
      join(folder, 'meander.sqlite'),
      'this is not a database, and it is long enough to be looked at as one'
    );
    const ended = runProgram({ PORT: '0', DATA_DIR: folder });
    expect(ended.status).toBe(1);
    expect(ended.stderr.trim().split('\n'), ended.stderr).toHaveLength(1);
    removeData(folder);
  });

  test('a port in use: one sentence and a code that is not zero', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port))
    );
    const folder = temporaryData();
    const ended = runProgram({ PORT: String(port), HOST: '127.0.0.1', DATA_DIR: folder });
    other.close();
    expect(ended.status).toBe(1);
    expect(ended.stderr).toBe(
      `Meander can't start: port ${port} is already in use; set PORT to another one.\n`
    );
    removeData(folder);
  });

  test('no secret is printed', () => {
    for (const secret of [ann, ben, 'a long enough password']) expect(program.output()).not.toContain(secret);
  });
});

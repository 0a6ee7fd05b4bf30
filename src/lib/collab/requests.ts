/** A request that failed; `message` is one sentence for the person. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  /** The code of what is wrong, such as `E_CHANGED`; '' where the server gave none. */
  readonly code: string;

  constructor(message: string, code = '') {
    super(message);
    this.code = code;
  }
}

const OFFLINE = 'The server can’t be reached. Nothing was changed; try again in a moment.';

/** Asks the API and answers what it says. Throws a {@link RequestProblem}. */
export async function request<T>(
  send: typeof fetch,
  method: string,
  path: string,
  body?: unknown
): Promise<T> {
  const answer = await send(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  }).catch(() => {
    throw new RequestProblem(OFFLINE);
  });
  const said = (await answer.json().catch(() => null)) as unknown;
  if (answer.ok && said !== null) return said as T;
  throw problemOf(said);
}

/** The first thing that is wrong with the request, else the server's summary. */
function problemOf(said: unknown): RequestProblem {
  const { errors, detail } = (said ?? {}) as {
    errors?: readonly { message?: unknown; code?: unknown }[];
    detail?: unknown;
  };
  const [first] = errors ?? [];
  const code = typeof first?.code === 'string' ? first.code : '';
  if (typeof first?.message === 'string') return new RequestProblem(first.message, code);
  return new RequestProblem(
    typeof detail === 'string' ? detail : 'The server did not take that. Nothing was changed.',
    code
  );
}

/** One thing that is wrong with a request; `path` is a JSON Pointer into its body, '' for the whole. */
export interface ProblemDetail {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable'
};

const DETAILS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  401: 'This needs a valid bearer token.',
  403: 'Your role on this map does not allow that.',
  404: 'There is nothing here, or it is not yours.',
  405: 'This address does not take that method.',
  413: 'The request is too large; nothing was stored.',
  415: 'Send the body as application/json.',
  422: 'The body breaks a rule; nothing was stored.',
  429: 'Too many requests; try again later.',
  503: 'This cannot be answered at the moment; nothing is lost.'
};

/** An RFC 9457 answer, as every error of the API is given. */
export function problem(
  status: number,
  detail = DETAILS[status] ?? 'Something went wrong on the server.',
  errors: readonly ProblemDetail[] = [],
  headers: Readonly<Record<string, string>> = {}
): Response {
  const body = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, errors };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  });
}

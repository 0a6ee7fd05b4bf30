import pino, { type Logger } from 'pino';

/** An error as the log tells it: what it is and where it happened, and none of the values that it happened with. */
interface ToldError {
  readonly type: string;
  readonly code?: string | number;
  readonly message: string;
  readonly stack: readonly string[];
  readonly cause?: ToldError;
}

const MESSAGE_LETTERS = 400;
const CAUSES = 4;

/** Addresses of people, and whatever is as long as a secret of ours and has no blank in it. */
const PRIVATE = /[^\s"'<>(),;]+@[^\s"'<>(),;]+|[A-Za-z0-9_+/=-]{40,}/g;

/** The text of a message without what it may repeat of somebody's input. */
function messageOf(error: Error): string {
  // The statement has placeholders; what stood in their place is what must not be here.
  if ('params' in error && 'query' in error) return `Failed query: ${String(error.query)}`;
  // The parser repeats a piece of the text that it could not read.
  if (error instanceof SyntaxError) return 'a text could not be parsed';
  return error.message.replace(PRIVATE, '[private]');
}

function told(error: Error, depth = 0): ToldError {
  const { code, cause } = error as Error & { readonly code?: unknown };
  return {
    type: error.constructor.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    message: messageOf(error).slice(0, MESSAGE_LETTERS),
    // The first lines of a stack are the message again.
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...(cause instanceof Error && depth < CAUSES && { cause: told(cause, depth + 1) })
  };
}

/** For what was thrown, whatever it was; a value that is no error is told by its type alone. */
export const errorForLog = (thrown: unknown): ToldError | string =>
  thrown instanceof Error ? told(thrown) : `a thrown ${typeof thrown}`;

/** The log of a process, as lines of JSON on its output. Errors belong under `err`. */
export const createLog = (level: string): Logger =>
  pino({ level, base: undefined, serializers: { err: errorForLog } });

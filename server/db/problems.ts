/** The innermost reason of an error, as a clause: what the driver said, without a trailing full stop. */
export const reasonOf = (error: unknown): string => {
  let reason = error;
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause;
  // A host with several addresses fails with an empty message and one error per address.
  if (reason instanceof AggregateError && reason.errors.length > 0) reason = reason.errors[0];
  const text = reason instanceof Error ? reason.message || reason.name : String(reason);
  return text.replace(/\s+/g, ' ').replace(/\.$/, '');
};

/** True when a statement failed because a value that must be unique is there already: SQLSTATE 23505, SQLite's 2067. */
export const isTaken = (error: unknown): boolean => {
  for (let reason = error; reason instanceof Error; reason = reason.cause) {
    const { code, errcode } = reason as { code?: unknown; errcode?: unknown };
    if (code === '23505' || errcode === 2067) return true;
  }
  return false;
};

/** A database that cannot be opened. Its message is one sentence that names the file or host, never a password. */
export class UnopenableDatabase extends Error {
  override readonly name = 'UnopenableDatabase';
}

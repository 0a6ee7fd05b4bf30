import { DatabaseSync, StatementSync } from 'node:sqlite';

type Method = (...values: unknown[]) => unknown;

/** Calls `after` behind each call of a method, with the object and the arguments. The answer undoes it. */
export function afterEach(
  prototype: object,
  name: string,
  after: (self: unknown, values: readonly unknown[]) => void
): () => void {
  const own = Reflect.get(prototype, name) as Method;
  const put = (value: Method) =>
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  put(function (this: unknown, ...values: unknown[]) {
    const answer = Reflect.apply(own, this, values);
    after(this, values);
    return answer;
  });
  return () => put(own);
}

/** Hears of every statement that SQLite has just run in this process. The answer ends it. */
export function afterEveryStatement(hear: (sql: string) => void): () => void {
  const undo = [
    afterEach(DatabaseSync.prototype, 'exec', (_self, [sql]) => hear(String(sql))),
    ...['run', 'get', 'all'].map((method) =>
      afterEach(StatementSync.prototype, method, (self) => {
        if (self instanceof StatementSync) hear(self.sourceSQL);
      })
    )
  ];
  return () => undo.forEach((restore) => restore());
}

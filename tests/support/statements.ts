import { DatabaseSync, StatementSync } from 'node:sqlite';

/** Hears of every statement that SQLite has just run in this process. The answer ends it. */
export function afterEveryStatement(hear: (sql: string) => void): () => void {
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (sql) {
    exec.call(this, sql);
    hear(sql);
  };
  const undo = (['run', 'get', 'all'] as const).map((method) => {
    const own = StatementSync.prototype[method] as (...values: unknown[]) => unknown;
    const value = function (this: StatementSync, ...values: unknown[]) {
      const answer = own.apply(this, values);
      hear(this.sourceSQL);
      return answer;
    };
    Object.defineProperty(StatementSync.prototype, method, { value, configurable: true, writable: true });
    return () =>
      Object.defineProperty(StatementSync.prototype, method, {
        value: own,
        configurable: true,
        writable: true
      });
  });
  return () => {
    DatabaseSync.prototype.exec = exec;
    for (const restore of undo) restore();
  };
}

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import postgres from 'postgres';
import type { Opened } from '../../server/db/db.ts';
import { open } from '../../server/db/open.ts';

export const MIGRATIONS = new URL('../../drizzle/', import.meta.url);

/** An empty database of its own for one test file. */
export interface Backend {
  readonly name: 'SQLite' | 'Postgres';
  readonly url: string;
  /** Handles that may be used at the same time: one on SQLite, several (as several nodes have) on Postgres. */
  readonly nodes: () => Promise<readonly [Opened, ...Opened[]]>;
  /** Runs SQL past our code, to look at rows or to spoil them. */
  readonly raw: (sql: string) => Promise<Record<string, unknown>[]>;
  readonly dispose: () => Promise<void>;
}

const SERVER = process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Where the Postgres half runs, without a password. */
const shownServer = () => {
  const { host, pathname } = new URL(SERVER);
  return `${host}${pathname}`;
};

const asServer = async <T>(work: (client: postgres.Sql) => Promise<T>): Promise<T> => {
  const client = postgres(SERVER, { max: 1, connect_timeout: 3, onnotice: () => undefined });
  try {
    return await work(client);
  } finally {
    await client.end({ timeout: 1 });
  }
};

/** True when Postgres answers. Says so in one line when it does not; fails there when `CI` is set. */
export const postgresAnswers = async (): Promise<boolean> => {
  try {
    await asServer((client) => client`select 1`);
    return true;
  } catch (cause) {
    if (process.env.CI) throw new Error(`Postgres does not answer at ${shownServer()}.`, { cause });
    console.log(
      `Postgres does not answer at ${shownServer()}: its half of the contract suite is skipped (set TEST_POSTGRES_URL)`
    );
    return false;
  }
};

const nodesOn = (url: string, count: number) => {
  const opened: Opened[] = [];
  return {
    nodes: async (): Promise<readonly [Opened, ...Opened[]]> => {
      while (opened.length < count) opened.push(await open(url, MIGRATIONS));
      return opened as [Opened, ...Opened[]];
    },
    closeNodes: () => Promise.all(opened.map((node) => node.close()))
  };
};

export const sqliteBackend = async (): Promise<Backend> => {
  const folder = mkdtempSync(join(tmpdir(), 'meander-contract-'));
  const url = join(folder, 'meander.db');
  const { nodes, closeNodes } = nodesOn(url, 1);
  return {
    name: 'SQLite',
    url,
    nodes,
    raw: async (sql) => {
      const client = new DatabaseSync(url, { timeout: 5000 });
      try {
        return client.prepare(sql).all();
      } finally {
        client.close();
      }
    },
    dispose: async () => {
      await closeNodes();
      rmSync(folder, { recursive: true, force: true });
    }
  };
};

export const postgresBackend = async (): Promise<Backend> => {
  const name = `meander_test_${randomUUID().replaceAll('-', '')}`;
  await asServer((client) => client.unsafe(`create database ${name}`));
  const address = new URL(SERVER);
  address.pathname = `/${name}`;
  const url = address.href;
  const { nodes, closeNodes } = nodesOn(url, 3);
  return {
    name: 'Postgres',
    url,
    nodes,
    raw: async (sql) => {
      const client = postgres(url, { max: 1, onnotice: () => undefined });
      try {
        return await client.unsafe<Record<string, unknown>[]>(sql);
      } finally {
        await client.end({ timeout: 1 });
      }
    },
    dispose: async () => {
      await closeNodes();
      await asServer((client) => client.unsafe(`drop database if exists ${name} with (force)`));
    }
  };
};

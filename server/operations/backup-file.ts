import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import * as v from 'valibot';
import type { ColumnKind, Row, TableLayout, Value } from '../db/everything.ts';

/*
 * A backup is one gzip file of lines of JSON:
 *
 *     {"format":"meander-backup/1","made":...,"migration":...,"tables":[{"name","columns":[{"name","kind"}],"key"}]}
 *     {"table":"users"}
 *     ["id","name",...]            a row, its values in the order of the columns; moments as ms, bytes as base64
 *     ...
 *     {"end":{"rows":{"users":12,...}},"sha256":"..."}     of every byte before this line
 */
export const FORMAT = 'meander-backup/1';

/** A file that is no backup, or not a whole one. Its message is one sentence for the operator. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup';
}

const manifestSchema = v.object({
  format: v.literal(FORMAT),
  made: v.pipe(v.string(), v.isoTimestamp()),
  /** The newest migration of the database it was made of. */
  migration: v.string(),
  tables: v.array(
    v.object({
      name: v.string(),
      columns: v.array(
        v.object({ name: v.string(), kind: v.picklist(['text', 'number', 'bool', 'time', 'bytes']) })
      ),
      key: v.array(v.string())
    })
  )
});
/** The first line: what the file holds. */
export type Manifest = v.InferOutput<typeof manifestSchema>;

const endSchema = v.object({
  end: v.object({ rows: v.record(v.string(), v.number()) }),
  sha256: v.string()
});

/** What a whole backup holds: rows by table, and the checksum of all of it. */
export interface Contents {
  readonly rows: ReadonlyMap<string, number>;
  readonly sha256: string;
}

/** Where a backup comes from: its tables in an order in which they can be written, each page by page. */
export interface Pages {
  readonly manifest: Omit<Manifest, 'format' | 'made'>;
  readonly rows: (layout: TableLayout) => AsyncIterable<readonly Row[]>;
}

const encode = (value: Value): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    : value instanceof Date
      ? value.getTime()
      : value;

const decode = (value: unknown, kind: ColumnKind): Value => {
  if (value === null) return null;
  switch (kind) {
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'number':
      if (typeof value === 'number') return value;
      break;
    case 'bool':
      if (typeof value === 'boolean') return value;
      break;
    case 'time':
      if (typeof value === 'number') return new Date(value);
      break;
    case 'bytes':
      if (typeof value === 'string') return new Uint8Array(Buffer.from(value, 'base64'));
  }
  throw new BadBackup(`The file holds a ${typeof value} where ${kind} belongs.`);
};

/** Every line of a backup, as text. `done` hears of each table that is through. */
async function* linesOf(
  { manifest, rows }: Pages,
  hash: Hash,
  counted: Map<string, number>,
  done: (table: string, rows: number) => void
): AsyncGenerator<string> {
  const line = (value: unknown): string => {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  };
  yield line({ format: FORMAT, made: new Date().toISOString(), ...manifest });
  for (const layout of manifest.tables) {
    yield line({ table: layout.name });
    let count = 0;
    for await (const page of rows(layout)) {
      count += page.length;
      yield page.map((row) => line(row.map(encode))).join('');
    }
    counted.set(layout.name, count);
    done(layout.name, count);
  }
  const sha256 = hash.copy().digest('hex');
  yield `${JSON.stringify({ end: { rows: Object.fromEntries(counted) }, sha256 })}\n`;
}

/**
 * Writes a backup to `path`, which appears only when all of it is on the disk. Throws {@link BadBackup} when something
 * is there already, and leaves nothing half done.
 */
export async function writeBackup(
  path: string,
  pages: Pages,
  done: (table: string, rows: number) => void
): Promise<Contents> {
  if (await stat(path).catch(() => null))
    throw new BadBackup(`${path} is there already; nothing was written. Name another file.`);
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  const hash = createHash('sha256');
  const counted = new Map<string, number>();
  try {
    const file = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(linesOf(pages, hash, counted, done), createGzip({ level: 4 }), file);
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { rows: counted, sha256: hash.digest('hex') };
}

/** A new name in a folder is on the disk once the folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => null); // some systems do not open folders
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

/** Lines end at \n alone: other readers also end them at signs that stand in people's texts. */
async function* split(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...held, chunk.subarray(start, end + 1)]);
      held = [];
      start = end + 1;
    }
    if (start < chunk.length) held.push(chunk.subarray(start));
  }
  if (held.length > 0) yield Buffer.concat(held);
}

const parse = (line: Buffer): unknown => {
  try {
    return JSON.parse(line.toString('utf8')) as unknown;
  } catch {
    throw new BadBackup('A line of the file cannot be read.');
  }
};

/** What is done with a backup while it is read. Nothing of it counts before {@link readBackup} has resolved. */
export interface Reader {
  readonly manifest: (manifest: Manifest) => void | Promise<void>;
  readonly rows: (layout: TableLayout, rows: readonly Row[]) => void | Promise<void>;
  readonly done?: (table: string, rows: number) => void;
}

const ROWS_AT_ONCE = 500;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/** Reads a backup to its end. Throws {@link BadBackup} when any of it is missing or not as it was written. */
export async function readBackup(path: string, reader: Reader): Promise<Contents> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new BadBackup(`There is no file ${path}.`);
  const source = createReadStream(path);
  const lines = split(source.pipe(createGunzip()) as AsyncIterable<Buffer>);
  source.once('error', () => undefined);
  try {
    return await new Reading(reader).run(lines);
  } catch (error) {
    if (error instanceof BadBackup) throw new BadBackup(`${path} is not a whole backup: ${error.message}`);
    const { code } = error as { code?: string };
    if (code?.startsWith('Z_') || code === 'ERR_INVALID_ARG_VALUE')
      throw new BadBackup(`${path} is not a whole backup: it ends early or its bytes have changed.`);
    throw error;
  } finally {
    source.destroy();
  }
}

/** One pass over a backup's lines. */
class Reading {
  readonly #reader: Reader;
  readonly #hash = createHash('sha256');
  readonly #counted = new Map<string, number>();
  #tables = new Map<string, TableLayout>();
  #current: TableLayout | null = null;
  #rows: Row[] = [];
  #bytes = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  async run(lines: AsyncGenerator<Buffer>): Promise<Contents> {
    let first = true;
    let end: Contents | null = null;
    for await (const line of lines) {
      if (end) throw new BadBackup('something stands behind its end.');
      const value = parse(line);
      if (first) await this.#begin(value);
      else if (Array.isArray(value)) await this.#row(value, line.length);
      else if (v.is(endSchema, value)) {
        await this.#flush();
        end = this.#end(value);
      } else await this.#table(value);
      if (!end) this.#hash.update(line);
      first = false;
    }
    if (!end) throw new BadBackup('it ends early.');
    return end;
  }

  async #begin(value: unknown): Promise<void> {
    const parsed = v.safeParse(manifestSchema, value);
    if (!parsed.success) throw new BadBackup(`its first line is not that of a ${FORMAT}.`);
    this.#tables = new Map(parsed.output.tables.map((layout) => [layout.name, layout]));
    await this.#reader.manifest(parsed.output);
  }

  async #table(value: unknown): Promise<void> {
    await this.#flush();
    const parsed = v.safeParse(v.object({ table: v.string() }), value);
    const layout = parsed.success ? this.#tables.get(parsed.output.table) : undefined;
    if (!layout || this.#counted.has(layout.name))
      throw new BadBackup('a table comes twice or is not announced.');
    this.#current = layout;
    this.#counted.set(layout.name, 0);
  }

  async #row(values: readonly unknown[], bytes: number): Promise<void> {
    const layout = this.#current;
    if (!layout || values.length !== layout.columns.length)
      throw new BadBackup('a row does not have the columns of its table.');
    this.#rows.push(layout.columns.map(({ kind }, index) => decode(values[index], kind)));
    this.#bytes += bytes;
    if (this.#rows.length >= ROWS_AT_ONCE || this.#bytes >= BYTES_AT_ONCE) await this.#write(layout);
  }

  async #write(layout: TableLayout): Promise<void> {
    if (this.#rows.length === 0) return;
    await this.#reader.rows(layout, this.#rows);
    this.#counted.set(layout.name, (this.#counted.get(layout.name) ?? 0) + this.#rows.length);
    this.#rows = [];
    this.#bytes = 0;
  }

  async #flush(): Promise<void> {
    const layout = this.#current;
    if (!layout) return;
    await this.#write(layout);
    this.#reader.done?.(layout.name, this.#counted.get(layout.name) ?? 0);
    this.#current = null;
  }

  #end({ end, sha256 }: v.InferOutput<typeof endSchema>): Contents {
    if (this.#hash.copy().digest('hex') !== sha256) throw new BadBackup('its checksum does not match.');
    for (const name of this.#tables.keys())
      if (end.rows[name] === undefined || end.rows[name] !== this.#counted.get(name))
        throw new BadBackup(`the table "${name}" is not all there.`);
    return { rows: this.#counted, sha256 };
  }
}

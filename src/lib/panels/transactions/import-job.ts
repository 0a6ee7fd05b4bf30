import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { TimeUnit } from '#lib/clv/transactions/index.ts';
import {
  analyse,
  type Analysis,
  type AnalysisOptions,
  type AnalysisStage
} from '#lib/scenarios/transactions/analyse.ts';
import { analyseDiscrete, type DiscreteAnalysis } from '#lib/scenarios/transactions/discrete.ts';
import { createImport, type Imported } from '#lib/scenarios/transactions/import.ts';
import { readDates, type ColumnMapping, type DateReading } from '#lib/scenarios/transactions/mapping.ts';
import { createRecordReader, readOpening } from '#lib/scenarios/transactions/records.ts';

/** What the page asks of the worker. `id` comes back with every answer. */
export type ImportRequest =
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly file: File;
      /** Whether the first row holds names; null or nothing: to be guessed. */
      readonly named?: boolean | null;
    }
  | {
      readonly kind: 'analyse';
      readonly id: number;
      readonly file: File;
      readonly mapping: ColumnMapping;
      readonly options: AnalysisOptions;
    }
  | {
      /** The same rows as bought or not per unit of time. */
      readonly kind: 'discrete';
      readonly id: number;
      readonly file: File;
      readonly mapping: ColumnMapping;
      readonly unit: TimeUnit;
      /** Last day that the fit may see. */
      readonly until: number;
    };

/** How a file begins, as far as the page may know it. */
export interface FileOpening {
  readonly header: readonly string[];
  /** The first five rows: what the person maps the columns by. */
  readonly preview: readonly (readonly string[])[];
  readonly mapping: ColumnMapping;
  /** By column: how dates in it are written, told from the first thousand rows. */
  readonly dates: readonly DateReading[];
}

/** The file as the map may know it. */
export interface FileIdentity {
  readonly name: string;
  readonly sha256: string;
  readonly rows: number;
}

export type ImportAnswer =
  | { readonly kind: 'opened'; readonly id: number; readonly opening: FileOpening }
  | {
      readonly kind: 'progress';
      readonly id: number;
      readonly stage: 'reading' | AnalysisStage;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: 'analysed';
      readonly id: number;
      readonly analysis: Analysis;
      readonly file: FileIdentity;
    }
  | { readonly kind: 'discrete'; readonly id: number; readonly discrete: DiscreteAnalysis }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string };

const SAMPLE_BYTES = 256 * 1024;
const PIECE_BYTES = 1024 * 1024;
const PREVIEW_ROWS = 5;

/** UTF-16 by its mark, UTF-8 where the bytes are, else what older spreadsheets write in the west. */
function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

const sampleOf = async (file: File): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer());

class ImportProblem extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

async function open(file: File, named?: boolean | null): Promise<FileOpening> {
  const bytes = await sampleOf(file);
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes, { stream: true });
  if (text.includes('\0'))
    throw new ImportProblem('E_TEXT', 'This is no text file. Save the sheet as CSV and choose that.');
  const opening = readOpening(text, named ?? undefined);
  if (opening === null) throw new ImportProblem('E_EMPTY', 'There is nothing in this file.');
  const { header, rows, mapping } = opening;
  return {
    header,
    preview: rows.slice(0, PREVIEW_ROWS),
    mapping,
    dates: header.map((_, column) => readDates(rows.map((row) => row[column]?.trim() ?? '')))
  };
}

/** Rows and fingerprint of a file in one go. The browser's own digest wants the whole file, and is there on https only. */
async function readAll(
  file: File,
  mapping: ColumnMapping,
  progress: (done: number) => void
): Promise<{ imported: Imported; sha256: string }> {
  const hash = sha256.create();
  const rows = createImport(mapping);
  let header = mapping.layout.named;
  const reader = createRecordReader(mapping.layout, (fields, line) => {
    if (header) header = false;
    else rows.add(fields, line);
  });
  const decoder = new TextDecoder(encodingOf(await sampleOf(file)));
  const readable = (fine: boolean): void => {
    if (fine) return;
    throw new ImportProblem(
      'E_QUOTES',
      `In line ${reader.line} a quotation mark opens and is not closed, so that the rest cannot be told apart.`
    );
  };
  for (let from = 0; from < file.size; from += PIECE_BYTES) {
    const piece = new Uint8Array(await file.slice(from, from + PIECE_BYTES).arrayBuffer());
    hash.update(piece);
    readable(reader.push(decoder.decode(piece, { stream: true })));
    progress(from + piece.byteLength);
  }
  readable(reader.push(decoder.decode()));
  readable(reader.end());
  return { imported: rows.done(), sha256: bytesToHex(hash.digest()) };
}

/**
 * Answers the page's requests. The rows of the last file stay here, so that another model, unit or cut-off does not read
 * it again. Whoever cancels ends the worker.
 */
export function createImportJob(
  post: (answer: ImportAnswer) => void
): (request: ImportRequest) => Promise<void> {
  let kept: { key: string; imported: Imported; sha256: string } | undefined;

  type Work = Exclude<ImportRequest, { kind: 'open' }>;

  /** The rows of a file, read where they are not here already. */
  const rowsOf = async ({ id, file, mapping }: Work): Promise<{ imported: Imported; sha256: string }> => {
    const total = file.size;
    const key = JSON.stringify([file.name, file.size, file.lastModified, mapping]);
    if (kept?.key !== key) {
      kept = undefined;
      const read = await readAll(file, mapping, (done) =>
        post({ kind: 'progress', id, stage: 'reading', done, total })
      );
      kept = { key, ...read };
    }
    return kept;
  };

  const analysed = async (request: Extract<ImportRequest, { kind: 'analyse' }>): Promise<void> => {
    const { id, file, options } = request;
    const total = file.size;
    const { imported, sha256: hash } = await rowsOf(request);
    const result = analyse(imported, options, (stage) =>
      post({ kind: 'progress', id, stage, done: total, total })
    );
    if (!result.ok) throw new ImportProblem(result.code, result.message);
    const { rows } = imported.report;
    post({
      kind: 'analysed',
      id,
      analysis: result.analysis,
      file: { name: file.name, sha256: hash, rows }
    });
  };

  const discrete = async (request: Extract<ImportRequest, { kind: 'discrete' }>): Promise<void> => {
    const { id, file, unit, until } = request;
    const { imported } = await rowsOf(request);
    post({ kind: 'progress', id, stage: 'fitting', done: file.size, total: file.size });
    post({ kind: 'discrete', id, discrete: analyseDiscrete(imported.transactions, { unit, until }) });
  };

  return async (request) => {
    try {
      if (request.kind === 'analyse') await analysed(request);
      else if (request.kind === 'discrete') await discrete(request);
      else post({ kind: 'opened', id: request.id, opening: await open(request.file, request.named) });
    } catch (error) {
      const code = error instanceof ImportProblem ? error.code : 'E_FILE';
      const reason = error instanceof Error ? error.message : String(error);
      const message = error instanceof ImportProblem ? reason : `The file could not be read: ${reason}`;
      post({ kind: 'failed', id: request.id, code, message });
    }
  };
}

import type { Analysis, AnalysisOptions } from '#lib/scenarios/transactions/analyse.ts';
import type { DiscreteAnalysis } from '#lib/scenarios/transactions/discrete.ts';
import { openQuestions, type ColumnMapping, type DateReading } from '#lib/scenarios/transactions/mapping.ts';
import type { FileIdentity, FileOpening, ImportAnswer, ImportRequest } from './import-job.ts';

/** The worker, as far as it is used here. */
export interface ImportWorker {
  postMessage(request: ImportRequest): void;
  terminate(): void;
  onmessage: ((event: { data: ImportAnswer }) => void) | null;
  onerror: ((event: { message: string }) => void) | null;
}

/** What a person chooses beside the columns. `until` is YYYY-MM-DD, empty: a quarter is held back. */
export interface Choices {
  readonly model: AnalysisOptions['model'];
  readonly unit: AnalysisOptions['unit'];
  readonly until: string;
}

export interface Working {
  readonly stage: 'opening' | 'reading' | 'fitting' | 'figures';
  /** Of the file, 0 to 1. */
  readonly share: number;
}

/** A fit with the file it comes from, and what was chosen for it. */
export interface Found {
  readonly choices: Choices;
  readonly analysis: Analysis;
  readonly file: FileIdentity;
}

/**
 * One file on its way from the disk to its figures. The file stays with the browser and its rows with the worker; ending
 * the worker is how a person cancels, and the figures from before stay.
 */
export class ImportSession {
  file = $state.raw<File | null>(null);
  opening = $state.raw<FileOpening | null>(null);
  mapping = $state.raw<ColumnMapping | null>(null);
  choices = $state.raw<Choices>({ model: 'bg-nbd', unit: 'week', until: '' });
  working = $state.raw<Working | null>(null);
  found = $state.raw<Found | null>(null);
  /** The same purchases as bought or not per unit of time, once asked for. */
  discrete = $state.raw<DiscreteAnalysis | null>(null);
  problem = $state.raw<{ readonly code: string; readonly message: string } | null>(null);
  /** The columns are looked at, not the figures. */
  mappingOpen = $state(true);

  readonly #start: () => ImportWorker;
  #worker: ImportWorker | null = null;
  #request = 0;

  constructor(start: () => ImportWorker) {
    this.#start = start;
  }

  /** The person has changed the mapping, so that it is no guess any more. */
  #mapped = false;

  /** Takes up a file; the one before, its cut-off and its figures go. */
  choose(file: File): void {
    this.cancel();
    this.file = file;
    this.choices = { ...this.choices, until: '' };
    this.opening = this.mapping = this.found = this.discrete = null;
    this.mappingOpen = true;
    this.working = { stage: 'opening', share: 0 };
    this.#mapped = false;
    this.#ask({ kind: 'open', file });
  }

  /** Says whether the first row holds the columns' names; the preview and what was guessed follow. */
  nameFromFirstRow(named: boolean): void {
    if (this.file === null) return;
    if (this.working !== null) this.#end();
    this.working = { stage: 'opening', share: 0 };
    this.#ask({ kind: 'open', file: this.file, named });
  }

  /** How the dates of the chosen column are written. */
  get dates(): DateReading {
    return this.opening?.dates[this.mapping?.date ?? -1] ?? 'none';
  }

  /** What is to be said before the file can be read. */
  get questions(): readonly string[] {
    return this.mapping === null ? [] : openQuestions(this.mapping, this.dates);
  }

  map(change: Partial<ColumnMapping>): void {
    if (this.mapping === null) return;
    this.#mapped = true;
    const next = { ...this.mapping, ...change };
    const dates = this.opening?.dates[next.date];
    // Another column may be written in another order.
    const dateOrder = dates === 'dmy' || dates === 'mdy' ? dates : dates === 'ask' ? next.dateOrder : null;
    this.mapping = { ...next, dateOrder };
  }

  /** Reads the file where that is still to be done, and fits. */
  run(horizon: Pick<AnalysisOptions, 'horizonDays' | 'annualRate'>): void {
    const { file, mapping, choices } = this;
    if (file === null || mapping === null || this.questions.length > 0) return;
    if (this.working !== null) this.#end();
    const day = Date.parse(choices.until) / 86_400_000;
    this.working = { stage: 'reading', share: 0 };
    this.#ask({
      kind: 'analyse',
      file,
      // A proxy cannot be sent; these are plain already.
      mapping,
      options: {
        ...horizon,
        model: choices.model,
        unit: choices.unit,
        until: Number.isFinite(day) ? day : null
      }
    });
  }

  /** Fits the purchases that the figures stand on as bought or not per unit of time. */
  runDiscrete(): void {
    const { file, mapping, found } = this;
    if (file === null || mapping === null || found === null) return;
    if (this.working !== null) this.#end();
    this.working = { stage: 'fitting', share: 0 };
    const { options, until } = found.analysis;
    const last = Date.parse(until) / 86_400_000;
    this.#ask({ kind: 'discrete', file, mapping, unit: options.unit, until: last });
  }

  /** Ends what is under way; the figures from before stay. */
  cancel(): void {
    if (this.working !== null && this.found !== null) this.choices = this.found.choices;
    this.#end();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.working = null;
    this.problem = null;
  }

  forget(): void {
    this.cancel();
    this.file = null;
    this.opening = this.mapping = this.found = this.discrete = null;
  }

  #ask(request: DistributiveOmit<ImportRequest, 'id'>): void {
    this.problem = null;
    this.#worker ??= this.#listen(this.#start());
    this.#worker.postMessage({ ...request, id: ++this.#request });
  }

  #listen(worker: ImportWorker): ImportWorker {
    worker.onmessage = ({ data }) => {
      if (worker === this.#worker && data.id === this.#request) this.#take(data);
    };
    worker.onerror = ({ message }) => {
      if (worker !== this.#worker) return;
      this.cancel();
      this.problem = {
        code: 'E_WORKER',
        message: `The file could not be worked on${message ? `: ${message}` : ''}. The map is as it was.`
      };
    };
    return worker;
  }

  #take(answer: ImportAnswer): void {
    switch (answer.kind) {
      case 'opened':
        this.working = null;
        this.opening = answer.opening;
        // What the person has chosen stays: columns are told by their place.
        if (this.#mapped) this.map({ layout: answer.opening.mapping.layout });
        else this.mapping = answer.opening.mapping;
        return;
      case 'progress':
        this.working = { stage: answer.stage, share: answer.total > 0 ? answer.done / answer.total : 1 };
        return;
      case 'analysed':
        this.working = null;
        this.found = { choices: this.choices, analysis: answer.analysis, file: answer.file };
        this.mappingOpen = false;
        this.discrete = null;
        return;
      case 'discrete':
        this.working = null;
        this.discrete = answer.discrete;
        return;
      case 'failed':
        this.working = null;
        this.problem = { code: answer.code, message: answer.message };
    }
  }
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

import { JourneyDocument } from '#lib/document/journey-document.ts';
import { readJourney } from '#lib/document/read.ts';
import { documentOf, restoreSize } from '#lib/document/state.ts';
import type { Journey } from '#lib/journey/records.ts';
import { compareStates, type MapComparison } from '#lib/scenarios/changes.ts';
import { HistoryProblem, type HistoryClient, type VersionInfo } from './client.ts';
import { titleOf } from './words.ts';

/** More than this is sent by the server, which has no limit to the size of one edit. */
const AT_ONCE = 512 * 1024;

/** What the history needs of the open board. */
export interface LiveMap {
  readonly mapId: string;
  readonly document: JourneyDocument;
  /** Resolves when everything on this device is stored, or after a while without. */
  readonly saved: () => Promise<boolean>;
}

/** The history of an open map: its versions, the one that is looked at, and the way back to one. */
export class MapHistory {
  readonly #client: HistoryClient;
  readonly #live: LiveMap;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- what was fetched, shown by nobody
  readonly #states = new Map<string, Promise<Uint8Array>>();
  versions = $state.raw<readonly VersionInfo[]>([]); // newest first
  next = $state<string | null>(null);
  loaded = $state(false);
  problem = $state<string | null>(null);
  busy = $state(false);
  /** The versions are gone through one after the other. */
  replaying = $state(false);
  /** The two versions that are compared; null for now. */
  compared = $state.raw<{ readonly from: VersionInfo; readonly to: VersionInfo | null } | null>(null);
  /** The version on the board. */
  shown = $state.raw<VersionInfo | null>(null);
  /** Its map; the same document for as long as versions are looked at, so that the board stays where it is. */
  preview = $state.raw<JourneyDocument | null>(null);

  /** Counts what was asked to be shown: a slow answer does not take the place of a later one. */
  #looks = 0;

  constructor(client: HistoryClient, live: LiveMap) {
    this.#client = client;
    this.#live = live;
  }

  /** Runs something that may fail; what failed is told in {@link problem}. */
  async #run<T>(work: () => Promise<T>): Promise<T | null> {
    this.busy = true;
    this.problem = null;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.problem =
        error instanceof HistoryProblem ? error.message : 'This version cannot be read. The others may be.';
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Reads the newest versions, and with `everything` all the older ones. */
  load(everything = this.replaying): Promise<unknown> {
    return this.#run(async () => {
      let page = await this.#client.list(null);
      const versions = [...page.versions];
      while (everything && page.next !== null) {
        page = await this.#client.list(page.next);
        versions.push(...page.versions);
      }
      this.versions = versions;
      this.next = page.next;
      this.loaded = true;
    });
  }

  more(): Promise<unknown> {
    return this.#run(async () => {
      const page = await this.#client.list(this.next);
      this.versions = [...this.versions, ...page.versions];
      this.next = page.next;
    });
  }

  /** Names the map as it is now. True when it is kept. */
  async keep(name: string, reason: string): Promise<boolean> {
    const kept = await this.#run(async () => {
      await this.#live.saved();
      return this.#client.keep({ name, ...(reason === '' ? {} : { reason }) });
    });
    if (kept !== null) await this.load();
    return kept !== null;
  }

  async rename(version: VersionInfo, name: string): Promise<boolean> {
    const named = await this.#run(() => this.#client.rename(version.id, name));
    if (named !== null) await this.load();
    return named !== null;
  }

  /** Reads all versions and shows the newest, from where one goes back through the others. */
  async replay(): Promise<void> {
    this.replaying = true;
    await this.load();
    const [newest] = this.versions;
    if (newest !== undefined && this.replaying) await this.show(newest);
  }

  /** Shows a version on the board; null goes back to the map as it is. */
  async show(version: VersionInfo | null): Promise<void> {
    const look = ++this.#looks;
    if (version === null) {
      this.preview?.destroy();
      this.preview = this.shown = null;
      this.replaying = false;
      return;
    }
    const bytes = await this.#run(() => this.#state(version.id));
    if (bytes === null || look !== this.#looks) return;
    const wanted = documentOf(bytes);
    if (this.preview === null) this.preview = new JourneyDocument(wanted);
    else {
      this.preview.restore(wanted);
      this.preview.clearUndo();
      wanted.destroy();
    }
    this.shown = version;
  }

  /** What is different in a later state; null for now. */
  compare(from: VersionInfo, to: VersionInfo | null): Promise<MapComparison | null> {
    return this.#run(async () =>
      compareStates(
        await this.#journey(from),
        to === null ? this.#live.document.journey : await this.#journey(to)
      )
    );
  }

  /**
   * Goes back to a version as one step that undo takes back. What is there now is kept as a version first. True when it
   * is done.
   */
  async restore(version: VersionInfo, reason: string): Promise<boolean> {
    const done = await this.#run(async () => {
      if (!(await this.#live.saved()))
        throw new HistoryProblem(
          'Some of the map is not saved yet. Nothing was changed; try again when it is.'
        );
      const why = reason === '' ? `Back to ${titleOf(version)}` : reason;
      const wanted = documentOf(await this.#state(version.id));
      try {
        const { document } = this.#live;
        if (restoreSize(document.doc, wanted) > AT_ONCE) return await this.#client.restore(version.id, why);
        await this.#client.keep({ reason: `Before going back to ${titleOf(version)}` });
        document.restore(wanted);
        await this.#live.saved();
        return await this.#client.keep({ restored: version.id, reason: why });
      } finally {
        wanted.destroy();
      }
    });
    if (done === null) return false;
    await this.show(null);
    await this.load();
    return true;
  }

  #state(id: string): Promise<Uint8Array> {
    const known = this.#states.get(id);
    if (known !== undefined) return known;
    const asked = this.#client.state(id);
    this.#states.set(id, asked);
    asked.catch(() => this.#states.delete(id));
    return asked;
  }

  async #journey({ id }: VersionInfo): Promise<Journey> {
    const doc = documentOf(await this.#state(id));
    try {
      return readJourney(doc);
    } finally {
      doc.destroy();
    }
  }
}

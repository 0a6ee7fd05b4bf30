import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { BadgeCache } from '../geometry/badges.ts';
import type { Wrap } from '../geometry/cell-layout.ts';
import { layoutJourney, type JourneyLayout } from '../geometry/layout.ts';
import { ObjectIndex } from '../geometry/object-index.ts';
import { boundsOf, type BoardRect } from '../geometry/space.ts';
import { WrapCache, wrapText } from '../geometry/text.ts';
import { lookedAt, WHOLE_MAP, type Look } from './look.ts';
import { isOpen, previewOf } from './preview.ts';
import { journeyIn, overridesOf, type Overrides } from './scenario-view.ts';
import type { Editing, EditorAspect, EditorOptions, GestureView } from './types.ts';

/**
 * What of the map a person sees, and where it lies: the scenario, the filter, the layout of cells and cards, the free
 * objects. Tells subscribers which aspect has changed.
 */
export abstract class ShownMap {
  readonly document: JourneyDocument;
  readonly #canEdit: () => boolean;
  readonly #wraps: WrapCache;
  readonly #badges: BadgeCache;
  readonly #wrap: Wrap = {
    lines: (card, width) =>
      isOpen(card) ? this.#wraps.wrapTyped(card.text, width) : this.#wraps.wrap(card.text, width),
    badges: ({ facets }, width) => this.#badges.of(facets, width)
  };
  readonly #objects: ObjectIndex;
  readonly #listeners = new Set<(aspect: EditorAspect) => void>();

  #scenario: ScenarioId | null = null;
  #look: Look = WHOLE_MAP;
  #found: ReadonlySet<string> = new Set();
  #layout: JourneyLayout | null = null;
  #layoutBefore: JourneyLayout | null = null; // what the next one takes over from

  constructor({ document, measure, canEdit }: EditorOptions) {
    this.document = document;
    this.#canEdit = canEdit;
    this.#wraps = new WrapCache(measure);
    this.#badges = new BadgeCache(measure);
    this.#objects = new ObjectIndex((text, width) => wrapText(text, width, measure));
  }

  /** What a gesture and an open text add to the map for now. */
  abstract get gesture(): GestureView;
  abstract get editing(): Editing | null;
  /** The journey is another one. */
  protected abstract onJourney(): void;

  destroy(): void {
    this.#listeners.clear();
  }

  /** Calls back, at once and by name, whenever something has changed. Returns the unsubscribe. */
  subscribe(listener: (aspect: EditorAspect) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected emit(aspect: EditorAspect): void {
    for (const listener of [...this.#listeners]) listener(aspect);
  }

  get canEdit(): boolean {
    return this.#canEdit();
  }

  // --- the journey -------------------------------------------------------------------------------------------------

  /** The journey as it is shown: with the numbers of the scenario that the person looks at. */
  get journey(): Journey {
    return journeyIn(this.document.journey, this.#scenario);
  }

  /** What of it is the scenario's own. */
  get overrides(): Overrides {
    return overridesOf(this.document.journey, this.#scenario);
  }

  /** The scenario whose numbers the board shows and takes; null for the baseline. */
  get scenario(): ScenarioId | null {
    return this.#scenario;
  }

  set scenario(scenario: ScenarioId | null) {
    if (scenario === this.#scenario) return;
    this.#scenario = scenario;
    this.onJourney();
  }

  /** Writes a number where it is shown: into the scenario, or into the baseline. */
  setMetric(key: MetricKey, value: number): void {
    const { document } = this;
    const scenario = document.journey.scenarios.find(({ id }) => id === this.#scenario);
    document.endStep();
    if (scenario === undefined) document.setMetric(key, value);
    else document.setOverride(scenario.id, key, value);
    document.endStep();
  }

  /** The filter and what is folded. */
  get look(): Look {
    return this.#look;
  }

  set look(look: Look) {
    this.#look = look;
    this.relayout();
    this.emit('look');
  }

  /** Ids of the cards that a search has found. */
  get found(): ReadonlySet<string> {
    return this.#found;
  }

  set found(found: ReadonlySet<string>) {
    this.#found = found;
    this.emit('found');
  }

  // --- where things are --------------------------------------------------------------------------------------------

  get layout(): JourneyLayout {
    this.#layout ??= layoutJourney(
      previewOf(lookedAt(this.journey, this.#look), this.gesture, this.editing),
      this.#wrap,
      this.#layoutBefore,
      this.#look.folded
    );
    this.#layoutBefore = this.#layout;
    return this.#layout;
  }

  /** Where the free objects are. */
  get objects(): ObjectIndex {
    this.#objects.update(this.journey.objects, this.layout);
    return this.#objects;
  }

  /** Everything that is on the board. */
  get bounds(): BoardRect {
    const { layout, objects } = this;
    return boundsOf([layout.bounds, ...(objects.bounds === null ? [] : [objects.bounds])]) ?? layout.bounds;
  }

  /** The fonts have arrived: all texts are measured again. */
  remeasure(): void {
    this.#wraps.clear();
    this.#badges.clear();
    this.#layoutBefore = null;
    this.#objects.clear();
    this.relayout();
  }

  protected relayout(): void {
    this.#layout = null;
    this.emit('layout');
  }
}

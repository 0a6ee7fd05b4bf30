import * as Y from 'yjs';
import { BARE_FACETS, type CardFacets } from '#lib/journey/card-facets.ts';
import type { CardId, LaneId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { transitionKey, type MetricKey } from '#lib/journey/metrics.ts';
import { rankAt, ranksAt } from '#lib/journey/order.ts';
import type { Card, Journey, LaneKind, MapSettings, StageKind, StageText } from '#lib/journey/records.ts';
import { CardCommands } from './card-commands.ts';
import { DecisionCommands, overridesOf, type Steps } from './decision-commands.ts';
import { JourneyReader, type JourneyChange } from './journey-reader.ts';
import { mentions, rootsOf, type Roots, type YRecord } from './layout.ts';
import { newId } from './new-id.ts';
import type { LeftOut } from './read-values.ts';
import { ObjectCommands } from './object-commands.ts';
import { OwnSteps } from './own-steps.ts';
import { restoreContents } from './state.ts';
import { ViewCommands } from './view-commands.ts';
import { cardRecord, laneRecord, scenarioRecord, stageRecord } from './write.ts';

const clamp = (value: number, range: { min: number; max: number }) =>
  Math.min(range.max, Math.max(range.min, Math.round(value)));

/**
 * A map's document as the board uses it: the current journey, every edit as one undoable step, own-steps undo.
 * Commands on records that somebody else has just removed do nothing.
 */
export class JourneyDocument {
  readonly doc: Y.Doc;
  /** The origin of this client's transactions; what undo may take back. */
  readonly origin = { own: true } as const;
  /** Opportunities, ranges, experiments, fits. */
  readonly decisions: DecisionCommands;
  /** What cards say besides their text. */
  readonly facets: CardCommands;
  /** Free objects. */
  readonly objects: ObjectCommands;
  /** Saved views. */
  readonly views: ViewCommands;
  readonly #roots: Roots;
  readonly #reader: JourneyReader;
  readonly #undo: OwnSteps;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    this.#roots = rootsOf(doc);
    this.#reader = new JourneyReader(doc);
    const run: Steps = {
      step: (edit) => this.step(edit),
      typing: (edit) => this.typing(edit),
      journey: () => this.journey
    };
    this.decisions = new DecisionCommands(this.#roots, run);
    this.facets = new CardCommands(this.#roots.cards, run);
    this.objects = new ObjectCommands(this.#roots, run);
    this.views = new ViewCommands(this.#roots.views, run);
    this.#undo = new OwnSteps(doc, Object.values(this.#roots) as Y.AbstractType<unknown>[], this.origin);
  }

  /** A document without content, to be filled by the server or from the device's copy. */
  static blank(): JourneyDocument {
    return new JourneyDocument(new Y.Doc());
  }

  get journey(): Journey {
    return this.#reader.journey;
  }

  /** What the document has above the limits of a map, and the journey therefore has not. */
  get leftOut(): LeftOut {
    return this.#reader.leftOut;
  }

  /** Calls back after each transaction that changed the map, own or remote. Returns the unsubscribe. */
  onChange(listener: (change: JourneyChange) => void): () => void {
    return this.#reader.onChange(listener);
  }

  /** Runs edits as one transaction and one undo step. Steps never merge with the one before. */
  step<T>(edit: () => T): T {
    this.#undo.endStep();
    const result = this.doc.transact(edit, this.origin);
    this.#undo.endStep();
    return result;
  }

  /** Runs edits as one transaction that joins the previous one into a step when it follows within half a second. */
  typing<T>(edit: () => T): T {
    return this.doc.transact(edit, this.origin);
  }

  /** Has `remember` asked before each step; what it answers is called when that step has been undone or redone. */
  aroundSteps(remember: () => () => void): void {
    this.#undo.remember = remember;
  }

  undo(): void {
    this.#undo.undo();
  }

  redo(): void {
    this.#undo.redo();
  }

  get canUndo(): boolean {
    return this.#undo.canUndo;
  }

  get canRedo(): boolean {
    return this.#undo.canRedo;
  }

  /** Goes back to what another document says, as one step on this history; see {@link restoreContents}. */
  restore(wanted: Y.Doc): void {
    this.step(() => restoreContents(this.doc, wanted));
  }

  /** Forgets all own steps: after the role shrank or the document was replaced. */
  clearUndo(): void {
    this.#undo.clear();
  }

  destroy(): void {
    this.#undo.destroy();
    this.#reader.destroy();
  }

  // --- the map -------------------------------------------------------------------------------------------------

  setTitle(title: string): void {
    this.typing(() => this.#roots.map.set('title', title.slice(0, LIMITS.title)));
  }

  setSetting<K extends Exclude<keyof MapSettings, 'promotion'>>(name: K, value: MapSettings[K]): void {
    this.step(() => (value === null ? this.#roots.map.delete(name) : this.#roots.map.set(name, value)));
  }

  /** Sets a number; `undefined` unsets it. Ranges are judged where figures are computed, so nothing typed is lost. */
  setMetric(key: MetricKey, value: number | undefined): void {
    this.typing(() =>
      value === undefined ? this.#roots.metrics.delete(key) : this.#roots.metrics.set(key, value)
    );
  }

  /** Ends the current undo step, so that the next typed number or letter starts its own. */
  endStep(): void {
    this.#undo.endStep();
  }

  // --- stages --------------------------------------------------------------------------------------------------

  addStage(stage: { name: string; index: number; kind?: StageKind; band?: boolean }): StageId {
    const id = newId<StageId>();
    this.step(() =>
      this.#roots.stages.set(
        id,
        stageRecord({
          id,
          name: stage.name.slice(0, LIMITS.name),
          rank: rankAt(this.journey.stages, stage.index),
          kind: stage.kind ?? null,
          band: stage.band ?? false,
          width: LIMITS.stageWidth.default,
          customerObjective: '',
          businessObjective: '',
          keyActivities: ''
        })
      )
    );
    return id;
  }

  renameStage(id: StageId, name: string): void {
    this.#set(this.#roots.stages, id, 'name', name.slice(0, LIMITS.name));
  }

  setStageKind(id: StageId, kind: StageKind | null): void {
    this.#set(this.#roots.stages, id, 'kind', kind);
  }

  setStageBand(id: StageId, band: boolean): void {
    this.#set(this.#roots.stages, id, 'band', band || null);
  }

  resizeStage(id: StageId, width: number): void {
    this.#set(this.#roots.stages, id, 'width', clamp(width, LIMITS.stageWidth));
  }

  /** Moves a stage to `index` of the stages without it. */
  moveStage(id: StageId, index: number): void {
    const others = this.journey.stages.filter((stage) => stage.id !== id);
    this.#set(this.#roots.stages, id, 'rank', rankAt(others, index));
  }

  /** Removes a stage with its cards, numbers, arrows and overrides. One step, so one undo brings all of it back. */
  removeStage(id: StageId): void {
    this.step(() => {
      if (!this.#roots.stages.has(id)) return;
      for (const [cardId, card] of this.#roots.cards.entries())
        if (card.get('stage') === id) this.#roots.cards.delete(cardId);
      this.#removeNumbersOf(id);
      if (this.#roots.map.get('referralEntry') === id) this.#roots.map.delete('referralEntry');
      this.#roots.stages.delete(id);
    });
  }

  /** The shared text of a stage; null when the stage is gone. */
  stageText(id: StageId, field: StageText): Y.Text | null {
    const text = this.#roots.stages.get(id)?.get(field);
    return text instanceof Y.Text ? text : null;
  }

  // --- lanes ---------------------------------------------------------------------------------------------------

  addLane(lane: { name: string; kind: LaneKind; index: number }): LaneId {
    const id = newId<LaneId>();
    this.step(() =>
      this.#roots.lanes.set(
        id,
        laneRecord({
          id,
          name: lane.name.slice(0, LIMITS.name),
          kind: lane.kind,
          rank: rankAt(this.journey.lanes, lane.index),
          height: LIMITS.laneHeight.default
        })
      )
    );
    return id;
  }

  renameLane(id: LaneId, name: string): void {
    this.#set(this.#roots.lanes, id, 'name', name.slice(0, LIMITS.name));
  }

  resizeLane(id: LaneId, height: number): void {
    this.#set(this.#roots.lanes, id, 'height', clamp(height, LIMITS.laneHeight));
  }

  moveLane(id: LaneId, index: number): void {
    const others = this.journey.lanes.filter((lane) => lane.id !== id);
    this.#set(this.#roots.lanes, id, 'rank', rankAt(others, index));
  }

  removeLane(id: LaneId): void {
    this.step(() => {
      if (!this.#roots.lanes.has(id)) return;
      for (const [cardId, card] of this.#roots.cards.entries())
        if (card.get('lane') === id) this.#roots.cards.delete(cardId);
      this.#removeNumbersOf(id);
      this.#roots.lanes.delete(id);
    });
  }

  // --- cards ---------------------------------------------------------------------------------------------------

  /** Cards of one cell in order. */
  cardsIn(lane: LaneId, stage: StageId): readonly Card[] {
    return this.journey.cards.filter((card) => card.lane === lane && card.stage === stage);
  }

  /** Adds a card at `index` of its cell (at the end without one). */
  addCard(card: {
    lane: LaneId;
    stage: StageId;
    index?: number;
    text?: string;
    facets?: CardFacets;
  }): CardId {
    const id = newId<CardId>();
    const siblings = this.cardsIn(card.lane, card.stage);
    this.step(() =>
      this.#roots.cards.set(
        id,
        cardRecord({
          id,
          lane: card.lane,
          stage: card.stage,
          rank: rankAt(siblings, card.index ?? siblings.length),
          text: (card.text ?? '').slice(0, LIMITS.cardText),
          facets: card.facets ?? BARE_FACETS
        })
      )
    );
    return id;
  }

  /** Puts copies of cards into a cell, in the order given, at `index` of its cards (the end without one). One step. */
  insertCards(
    cards: readonly Omit<Card, 'id' | 'rank' | 'lane' | 'stage'>[],
    to: { lane: LaneId; stage: StageId; index?: number }
  ): CardId[] {
    const siblings = this.cardsIn(to.lane, to.stage);
    const order = ranksAt(siblings, to.index ?? siblings.length, cards.length);
    const { lane, stage } = to;
    const records = cards.map((card, index): Card => ({
      ...card,
      id: newId<CardId>(),
      rank: order[index] ?? '',
      lane,
      stage,
      text: card.text.slice(0, LIMITS.cardText)
    }));
    this.step(() => records.forEach((card) => this.#roots.cards.set(card.id, cardRecord(card))));
    return records.map(({ id }) => id);
  }

  /** Moves cards together into a cell, in the order given, at `index` of the cell's other cards. One step. */
  moveCards(ids: readonly CardId[], to: { lane: LaneId; stage: StageId; index?: number }): void {
    const moving = new Set<CardId>(ids);
    const siblings = this.cardsIn(to.lane, to.stage).filter((card) => !moving.has(card.id));
    const ordered: { id: string; rank: string }[] = [...siblings];
    let place = Math.min(to.index ?? siblings.length, siblings.length);
    this.step(() => {
      for (const id of ids) {
        const card = this.#roots.cards.get(id);
        if (card === undefined) continue;
        const rank = rankAt(ordered, place);
        ordered.splice(place, 0, { id, rank });
        place += 1;
        if (card.get('lane') !== to.lane) card.set('lane', to.lane);
        if (card.get('stage') !== to.stage) card.set('stage', to.stage);
        card.set('rank', rank);
      }
    });
  }

  removeCards(ids: readonly CardId[]): void {
    this.step(() => ids.forEach((id) => this.#roots.cards.delete(id)));
  }

  /** The shared text of a card; null when the card is gone. */
  cardText(id: CardId): Y.Text | null {
    const text = this.#roots.cards.get(id)?.get('text');
    return text instanceof Y.Text ? text : null;
  }

  // --- arrows --------------------------------------------------------------------------------------------------

  /** Draws an arrow; its share stays unset until somebody enters it. An arrow that is there already stays as it is. */
  drawTransition(from: StageId, to: StageId): void {
    const key = transitionKey(from, to);
    this.step(() => {
      if (!this.#roots.metrics.has(key)) this.#roots.metrics.set(key, null);
    });
  }

  /** Sets an arrow's share, or with `null` keeps it drawn without one. */
  setTransition(from: StageId, to: StageId, probability: number | null): void {
    this.typing(() => this.#roots.metrics.set(transitionKey(from, to), probability));
  }

  removeTransition(from: StageId, to: StageId): void {
    const key = transitionKey(from, to);
    this.step(() => {
      this.#roots.metrics.delete(key);
      this.decisions.forget((other) => other === key);
    });
  }

  // --- scenarios -----------------------------------------------------------------------------------------------

  /** Adds a scenario at the end, with the overrides of another one or none (then it equals the baseline). */
  addScenario(scenario: { name: string; copyOf?: ScenarioId }): ScenarioId {
    const id = newId<ScenarioId>();
    const source = this.journey.scenarios.find(({ id: other }) => other === scenario.copyOf);
    const { scenarios } = this.journey;
    this.step(() =>
      this.#roots.scenarios.set(
        id,
        scenarioRecord({
          id,
          name: scenario.name.slice(0, LIMITS.name),
          rank: rankAt(scenarios, scenarios.length),
          overrides: source?.overrides ?? new Map()
        })
      )
    );
    return id;
  }

  renameScenario(id: ScenarioId, name: string): void {
    this.#set(this.#roots.scenarios, id, 'name', name.slice(0, LIMITS.name));
  }

  removeScenario(id: ScenarioId): void {
    this.step(() => this.#roots.scenarios.delete(id));
  }

  /** Overrides a number in a scenario; `undefined` goes back to the baseline's. */
  setOverride(id: ScenarioId, key: MetricKey, value: number | undefined): void {
    this.typing(() => {
      const overrides = overridesOf(this.#roots.scenarios.get(id));
      if (value === undefined) overrides?.delete(key);
      else overrides?.set(key, value);
    });
  }

  #set(root: Y.Map<YRecord>, id: string, field: string, value: unknown): void {
    this.step(() => {
      const target = root.get(id);
      if (target === undefined) return;
      if (value === null) target.delete(field);
      else if (target.get(field) !== value) target.set(field, value);
    });
  }

  #removeNumbersOf(id: string): void {
    for (const key of [...this.#roots.metrics.keys()]) if (mentions(key, id)) this.#roots.metrics.delete(key);
    this.decisions.forgetStage(id);
  }
}

import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { NewObject } from '#lib/document/object-commands.ts';
import type { CardId, ObjectId, ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import { hasText, type MapObject } from '#lib/journey/objects.ts';
import type { Journey } from '#lib/journey/records.ts';
import { isFiltering, passes } from '#lib/journey/views.ts';
import { BadgeCache } from '../geometry/badges.ts';
import type { Wrap } from '../geometry/cell-layout.ts';
import { toBoard, toScreen, type Camera } from '../geometry/camera.ts';
import { frameOf, type Frame } from '../geometry/frame.ts';
import { hitTest, isOnHeads, type Hit } from '../geometry/hit.ts';
import { layoutJourney, type JourneyLayout } from '../geometry/layout.ts';
import { ObjectIndex } from '../geometry/object-index.ts';
import { boundsOf, type BoardPoint, type BoardRect, type ScreenPoint, type Size } from '../geometry/space.ts';
import { WrapCache, wrapText } from '../geometry/text.ts';
import type { ObjectHand } from './gesture.ts';
import { handleAt } from './handle-hits.ts';
import { lookedAt, WHOLE_MAP, type Look } from './look.ts';
import { Pointer } from './pointer.ts';
import { DRAFT, isOpen, previewOf } from './preview.ts';
import { journeyIn, overridesOf, type Overrides } from './scenario-view.ts';
import { NOTHING, objectSelection, type Selection } from './selection.ts';
import { existing, rectOfIds, rectsOfSelection } from './selecting.ts';
import { FIRST_STYLE, type ToolStyle } from './tools/style.ts';
import { isSafeTool, staysActive, type ToolId } from './tools/tool-ids.ts';
import type {
  CellPlace,
  Companion,
  EditorAspect,
  EditorOptions,
  Editing,
  Flash,
  GestureView,
  MenuRequest,
  PointerWord
} from './types.ts';
import { View } from './view.ts';

const FLASH = 1600; // ms
/** Distance of the grid's dots, in board units. */
const GRID = 20;
const READABLE = 0.75; // the least zoom of a first look: cards are meant to be read
const IDLE: GestureView = { kind: 'none' };

/**
 * What a person does on the board: where they look, what they have selected, what their pointer is in the middle of.
 * Knows neither Konva nor the DOM: pointer words and ticks come in, aspects that changed go out to subscribers, and
 * finished edits go to the document.
 */
export class Editor implements ObjectHand {
  readonly document: JourneyDocument;
  readonly #canEdit: () => boolean;
  readonly #wraps: WrapCache;
  readonly #badges: BadgeCache;
  readonly #wrap: Wrap = {
    lines: (card, width) =>
      isOpen(card) ? this.#wraps.wrapTyped(card.text, width) : this.#wraps.wrap(card.text, width),
    badges: ({ facets }, width) => this.#badges.of(facets, width)
  };
  readonly #view = new View(() => this.#emit('camera'));
  readonly #objects: ObjectIndex;
  readonly #pointer = new Pointer(this);
  readonly #listeners = new Set<(aspect: EditorAspect) => void>();
  readonly #stop: () => void;

  #selection: Selection = NOTHING;
  #hovered: Hit = { kind: 'empty' };
  #tool: ToolId = 'select';
  #handHeld = false;
  #toolLocked = false;
  #style: ToolStyle = FIRST_STYLE;
  #gridShown = false;
  #gesture: GestureView = IDLE;
  #editing: Editing | null = null;
  #flash: Flash | null = null;
  #menu: MenuRequest | null = null;
  #companions: readonly Companion[] = [];
  #scenario: ScenarioId | null = null;
  #look: Look = WHOLE_MAP;
  #found: ReadonlySet<string> = new Set();
  #clock = 0;

  #layout: JourneyLayout | null = null;
  #layoutBefore: JourneyLayout | null = null; // what the next one takes over from
  #frame: { of: readonly [JourneyLayout, Camera, Size]; frame: Frame } | null = null;

  constructor({ document, measure, canEdit }: EditorOptions) {
    this.document = document;
    this.#canEdit = canEdit;
    this.#wraps = new WrapCache(measure);
    this.#badges = new BadgeCache(measure);
    this.#objects = new ObjectIndex((text, width) => wrapText(text, width, measure));
    this.#stop = document.onChange(() => this.#onJourney());
  }

  destroy(): void {
    this.finishEditing();
    this.#stop();
    this.#listeners.clear();
  }

  /** Calls back, at once and by name, whenever something has changed. Returns the unsubscribe. */
  subscribe(listener: (aspect: EditorAspect) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

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
    this.#onJourney();
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

  get canEdit(): boolean {
    return this.#canEdit();
  }

  // --- where things are ------------------------------------------------------------------------------------------

  get layout(): JourneyLayout {
    this.#layout ??= layoutJourney(
      previewOf(lookedAt(this.journey, this.#look), this.#gesture, this.#editing),
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
    return boundsOf([layout.bounds, ...objects.all.map(({ rect }) => rect)]) ?? layout.bounds;
  }

  get frame(): Frame {
    const { layout, camera, viewport } = this;
    const of = this.#frame?.of;
    if (of?.[0] !== layout || of[1] !== camera || of[2] !== viewport)
      this.#frame = { of: [layout, camera, viewport], frame: frameOf(layout, camera, viewport) };
    return (this.#frame as { frame: Frame }).frame;
  }

  /** The fonts have arrived: all texts are measured again. */
  remeasure(): void {
    this.#wraps.clear();
    this.#badges.clear();
    this.#layoutBefore = null;
    this.#objects.clear();
    this.#relayout();
  }

  hit(at: ScreenPoint, touch = false): Hit {
    const under = this.hitWithoutHandles(at, touch);
    return (isOnHeads(under) ? null : handleAt(this, at, touch)) ?? under;
  }

  hitWithoutHandles(at: ScreenPoint, touch = false): Hit {
    const reach = touch ? 12 : 5;
    const hit = hitTest(this.layout, this.frame, this.camera, at, reach);
    if (isOnHeads(hit)) return hit;
    const object = this.objects.at(toBoard(this.camera, at), reach / this.camera.zoom);
    return object === null ? hit : { kind: 'object', id: object.object.id };
  }

  // --- the view --------------------------------------------------------------------------------------------------

  get camera(): Camera {
    return this.#view.camera;
  }

  get viewport(): Size {
    return this.#view.viewport;
  }

  resizeViewport(size: Size): void {
    this.#view.resize(size);
  }

  /** Positive moves the view right and down over the board; in screen pixels. */
  panBy(dx: number, dy: number): void {
    this.#view.panBy(dx, dy);
  }

  zoomBy(factor: number, anchor?: ScreenPoint): void {
    this.#view.zoomBy(factor, anchor);
  }

  zoomTo100(): void {
    this.#view.zoomTo(1);
  }

  /** One step in (above 1) or out, to the next of the usual percentages. */
  zoomStep(direction: 1 | -1): void {
    const steps = [0.05, 0.1, 0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];
    const { zoom } = this.camera;
    const next =
      direction === 1
        ? steps.find((step) => step > zoom * 1.01)
        : steps.findLast((step) => step < zoom * 0.99);
    if (next !== undefined) this.#view.zoomTo(next);
  }

  fitAll(animate = true): void {
    this.#view.fit(this.bounds, animate);
  }

  /** True once the person has moved the view; what opens or closes beside the board then leaves it alone. */
  get viewTaken(): boolean {
    return this.#view.taken;
  }

  /** The first look at a map: all of it, or from its start where all of it would be too small to read. */
  showStart(): void {
    this.fitAll(false);
    if (this.camera.zoom < READABLE) this.#view.start(READABLE);
  }

  /** Shows a part of the board at once, as large as it fits. */
  fillView(rect: BoardRect): void {
    this.#view.fill(rect);
  }

  fitSelection(): void {
    const rect = boundsOf(rectsOfSelection(this.layout, this.objects, this.#selection));
    if (rect !== null) this.#view.fit(rect);
  }

  /** Pans until the rectangle is in view. */
  reveal(rect: BoardRect): void {
    this.#view.reveal(rect);
  }

  /** Moves the view so that the point is in the middle of what the heads leave free. */
  centreOn(point: BoardPoint): void {
    const { body } = this.frame;
    const now = toScreen(this.camera, point);
    this.panBy(now.x - body.x - body.width / 2, now.y - body.y - body.height / 2);
  }

  revealSelection(): void {
    const rect = boundsOf(rectsOfSelection(this.layout, this.objects, this.#selection));
    if (rect !== null) this.reveal(rect);
  }

  /** False: the camera jumps instead of gliding. */
  set motion(on: boolean) {
    this.#view.glides = on;
  }
  get glides(): boolean {
    return this.#view.glides;
  }

  /** Shows a place for a moment: a stage, a lane, or with both ids a cell. */
  flash(ids: readonly string[]): void {
    const rect = rectOfIds(this.layout, this.objects, ids);
    if (rect !== null) this.reveal(rect);
    this.#flash = { ids, until: this.#clock + FLASH };
    this.#emit('flash');
  }

  get flashing(): { readonly ids: readonly string[]; readonly strength: number } | null {
    if (this.#flash === null) return null;
    return { ids: this.#flash.ids, strength: Math.max(0, (this.#flash.until - this.#clock) / FLASH) };
  }

  // --- what is selected ------------------------------------------------------------------------------------------

  get selection(): Selection {
    return this.#selection;
  }

  select(selection: Selection): void {
    if (selection === this.#selection) return;
    this.#selection = selection;
    if (selection.kind === 'cards') this.#keepInSight(selection.ids);
    this.#emit('selection');
  }

  /** The cell that keys act on: the selected one, or that of the first selected card. */
  get focusCell(): CellPlace | null {
    const selection = this.#selection;
    if (selection.kind === 'cell') return { lane: selection.lane, stage: selection.stage };
    if (selection.kind !== 'cards') return null;
    const card = this.layout.cards.get(selection.ids[0] as CardId)?.card;
    return card === undefined ? null : { lane: card.lane, stage: card.stage };
  }

  get hovered(): Hit {
    return this.#hovered;
  }

  // --- what is seen of the map ------------------------------------------------------------------------------------

  /** The filter and what is folded. */
  get look(): Look {
    return this.#look;
  }

  set look(look: Look) {
    this.#look = look;
    this.#relayout();
    this.#emit('look');
  }

  /** Ids of the cards that a search has found. */
  get found(): ReadonlySet<string> {
    return this.#found;
  }

  set found(found: ReadonlySet<string>) {
    this.#found = found;
    this.#emit('found');
  }

  /** What is selected is seen, also where the filter would leave it out: a card that was just made or pasted. */
  #keepInSight(ids: readonly CardId[]): void {
    if (!isFiltering(this.#look.filter)) return;
    const hidden = new Set(
      this.journey.cards.filter((card) => !passes(this.#look.filter, card)).map(({ id }) => id)
    );
    const kept = ids.filter((id) => hidden.has(id) && !this.#look.kept.has(id));
    if (kept.length > 0) this.look = { ...this.#look, kept: new Set([...this.#look.kept, ...kept]) };
  }

  // --- tools and gestures ----------------------------------------------------------------------------------------

  /** The tool in force: the chosen one, or the hand while it is held. */
  get tool(): ToolId {
    return this.#handHeld ? 'hand' : this.#tool;
  }

  set tool(tool: ToolId) {
    if (!isSafeTool(tool) && !this.canEdit) return;
    this.#tool = tool;
    this.#emit('tool');
  }

  /** The tool stays in hand after it was used. */
  get toolLocked(): boolean {
    return this.#toolLocked;
  }

  set toolLocked(locked: boolean) {
    this.#toolLocked = locked;
    this.#emit('tool');
  }

  /** How what is made next will look. */
  get style(): ToolStyle {
    return this.#style;
  }

  set style(style: ToolStyle) {
    this.#style = style;
    this.#emit('tool');
  }

  get grid(): number | null {
    return this.#gridShown ? GRID : null;
  }

  /** The grid of dots that objects snap to. */
  get gridShown(): boolean {
    return this.#gridShown;
  }

  set gridShown(shown: boolean) {
    this.#gridShown = shown;
    this.#emit('tool');
  }

  /** Space is down or up. */
  holdHand(held: boolean): void {
    if (held === this.#handHeld) return;
    this.#handHeld = held;
    this.#emit('tool');
  }

  get gesture(): GestureView {
    return this.#gesture;
  }

  show(view: GestureView): void {
    const moved = lays(this.#gesture) || lays(view);
    this.#gesture = view;
    this.#emit('gesture');
    if (moved) this.#relayout();
  }

  pointerDown(word: PointerWord): void {
    this.#pointer.down(word);
  }

  pointerMove(word: PointerWord): void {
    if (this.#pointer.move(word)) return;
    const hit = this.hit(word.at, word.touch);
    if (sameHit(hit, this.#hovered)) return;
    this.#hovered = hit;
    this.#emit('hovered');
  }

  pointerUp(word: PointerWord): void {
    this.#pointer.up(word);
  }

  /** The pointer left the canvas without a press. */
  pointerLeave(): void {
    if (this.#hovered.kind === 'empty') return;
    this.#hovered = { kind: 'empty' };
    this.#emit('hovered');
  }

  doubleClick(word: PointerWord): void {
    this.#pointer.doubleClick(word);
  }

  /** Drops the gesture without a trace. True when there was one. */
  cancelGesture(): boolean {
    return this.#pointer.cancel();
  }

  /** True while time must be told to the editor. */
  get needsTicks(): boolean {
    return this.#view.moving || this.#flash !== null || this.#pointer.scrolling;
  }

  /** Lets `ms` pass: glides, scrolling at the edge of the view, flashes. */
  tick(ms: number): void {
    this.#clock += ms;
    this.#view.tick(ms);
    this.#pointer.tick(ms);
    if (this.#flash === null) return;
    if (this.#clock >= this.#flash.until) this.#flash = null;
    this.#emit('flash');
  }

  // --- free objects ----------------------------------------------------------------------------------------------

  create(object: NewObject): void {
    if (!this.canEdit) return;
    const [id] = this.document.objects.add([object]);
    if (id === undefined) return;
    const drawn = object.kind === 'pen' || object.kind === 'highlighter';
    if (!drawn) this.select(objectSelection([id]));
    if (!this.#toolLocked && !staysActive(this.#tool)) this.tool = 'select';
    if (object.kind === 'sticky' || object.kind === 'text') this.edit({ kind: 'object', id });
  }

  addCopies(objects: readonly MapObject[]): void {
    if (!this.canEdit) return;
    const ids = this.document.objects.addCopies(objects);
    this.select(objectSelection(ids));
  }

  // --- text ------------------------------------------------------------------------------------------------------

  get editing(): Editing | null {
    return this.#editing;
  }

  /** Opens a text. Does nothing for somebody who may not edit. */
  edit(editing: Editing): void {
    if (!this.canEdit) return;
    this.finishEditing();
    this.#editing = editing;
    if (editing.kind === 'card') this.select({ kind: 'cards', ids: [editing.id] });
    if (editing.kind === 'object') this.select(objectSelection([editing.id]));
    if (editing.kind === 'draft') this.select({ kind: 'cell', lane: editing.lane, stage: editing.stage });
    this.#emit('editing');
    if (editing.kind === 'object') {
      const rect = this.objects.get(editing.id)?.rect;
      if (rect !== undefined) this.reveal(rect);
      return;
    }
    this.#relayout();
    const card = this.layout.cards.get(editing.kind === 'card' ? editing.id : DRAFT);
    if (card !== undefined) this.reveal(card.rect);
  }

  /** Opens an empty card in a cell; it is in the document from its first letter on. */
  draft(place: CellPlace, text = ''): void {
    this.edit({ kind: 'draft', lane: place.lane, stage: place.stage, text });
  }

  /** Makes a card of the open draft. */
  writeDraft(text: string): CardId | null {
    const draft = this.#editing;
    if (draft?.kind !== 'draft') return null;
    const id = this.document.addCard({ lane: draft.lane, stage: draft.stage, text });
    this.#editing = { kind: 'card', id };
    this.select({ kind: 'cards', ids: [id] });
    this.#emit('editing');
    this.#relayout();
    return id;
  }

  /** Closes the text, for whatever reason, after what was typed has been written; a card that was emptied goes. */
  finishEditing(): void {
    if (this.#editing === null) return;
    this.#emit('finishing');
    const editing = this.#editing; // a draft that was written just now is a card
    this.#editing = null;
    this.document.endStep();
    if (editing.kind === 'card' && this.document.cardText(editing.id)?.length === 0) {
      const cell = this.focusCell;
      this.document.removeCards([editing.id]);
      if (cell !== null) this.select({ kind: 'cell', ...cell });
    }
    if (editing.kind === 'object') this.#dropEmptyText(editing.id);
    this.#emit('editing');
    this.#relayout();
  }

  /** A text without words can't be seen: it goes when its field closes. */
  #dropEmptyText(id: ObjectId): void {
    const object = this.journey.objects.find((one) => one.id === id);
    if (object?.kind === 'text' && object.text === '') this.document.objects.remove([id]);
  }

  // --- menus and other people --------------------------------------------------------------------------------------

  /** The menu that the person asked for; whoever draws it sets it back to null. */
  get menu(): MenuRequest | null {
    return this.#menu;
  }

  openMenu(menu: MenuRequest | null): void {
    this.#menu = menu;
    this.#emit('menu');
  }

  get companions(): readonly Companion[] {
    return this.#companions;
  }

  set companions(companions: readonly Companion[]) {
    this.#companions = companions;
    this.#emit('companions');
  }

  #onJourney(): void {
    const { journey } = this;
    const selection = existing(this.#selection, journey);
    if (this.#editing !== null && !editable(this.#editing, journey)) {
      this.#editing = null;
      this.#emit('editing');
    }
    this.#relayout();
    this.select(selection);
  }

  #relayout(): void {
    this.#layout = null;
    this.#emit('layout');
  }

  #emit(aspect: EditorAspect): void {
    for (const listener of [...this.#listeners]) listener(aspect);
  }
}

/** True when what a gesture shows moves other things too. */
const lays = ({ kind }: GestureView): boolean =>
  kind === 'stageWidth' || kind === 'laneHeight' || kind === 'feeling';

const sameHit = (a: Hit, b: Hit): boolean => a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);

function editable(editing: Editing, { cards, stages, lanes, objects }: Journey): boolean {
  switch (editing.kind) {
    case 'card':
      return cards.some(({ id }) => id === editing.id);
    case 'draft':
      return stages.some(({ id }) => id === editing.stage) && lanes.some(({ id }) => id === editing.lane);
    case 'stage':
      return stages.some(({ id }) => id === editing.id);
    case 'lane':
      return lanes.some(({ id }) => id === editing.id);
    case 'object':
      return objects.some((object) => object.id === editing.id && hasText(object));
  }
}

import type { NewObject } from '#lib/document/object-commands.ts';
import type { CardId } from '#lib/journey/ids.ts';
import type { MapObject } from '#lib/journey/objects.ts';
import type { Journey } from '#lib/journey/records.ts';
import { isFiltering, passes } from '#lib/journey/views.ts';
import { toBoard } from '../geometry/camera.ts';
import type { Hit } from '../geometry/hit.ts';
import type { ScreenPoint } from '../geometry/space.ts';
import type { ObjectHand } from './gesture.ts';
import { OpenText } from './open-text.ts';
import { Pointer } from './pointer.ts';
import { SeenMap } from './seen-map.ts';
import { existing } from './selecting.ts';
import { NOTHING, objectSelection, type Selection } from './selection.ts';
import { Toolbox } from './toolbox.ts';
import type { ToolStyle } from './tools/style.ts';
import type { ToolId } from './tools/tool-ids.ts';
import type {
  CellPlace,
  Companion,
  EditorOptions,
  Editing,
  GestureView,
  MenuRequest,
  Remark,
  PointerWord
} from './types.ts';

const IDLE: GestureView = { kind: 'none' };

/**
 * What a person does on the board: where they look, what they have selected, what their pointer is in the middle of.
 * Knows neither Konva nor the DOM: pointer words and ticks come in, aspects that changed go out to subscribers, and
 * finished edits go to the document.
 */
export class Editor extends SeenMap implements ObjectHand {
  readonly #pointer = new Pointer(this);
  readonly #tools = new Toolbox(() => this.emit('tool'));
  readonly #text = new OpenText(this, {
    editing: () => this.emit('editing'),
    finishing: () => this.emit('finishing'),
    layout: () => this.relayout()
  });
  readonly #stop: () => void;
  #checked: Journey; // the one that the selection was last held against
  #selection: Selection = NOTHING;
  #hovered: Hit = { kind: 'empty' };
  #gesture: GestureView = IDLE;
  #menu: MenuRequest | null = null;
  #companions: readonly Companion[] = [];
  #remark: Remark | null = null;

  constructor(options: EditorOptions) {
    super(options);
    this.#checked = this.journey;
    this.#stop = options.document.onChange(() => this.onJourney());
    options.document.aroundSteps(() => {
      const before = this.#selection;
      return () => this.#selectAgain(before);
    });
  }

  override destroy(): void {
    this.finishEditing();
    this.#stop();
    super.destroy();
  }

  protected override onJourney(): void {
    const { journey } = this;
    const selection = existing(this.#selection, journey, this.#checked);
    this.#checked = journey;
    this.#text.follow(journey);
    this.relayout();
    this.select(selection);
  }

  // --- what is selected ------------------------------------------------------------------------------------------

  get selection(): Selection {
    return this.#selection;
  }

  select(selection: Selection): void {
    if (selection === this.#selection) return;
    this.#selection = selection;
    if (selection.kind === 'cards') this.#keepInSight(selection.ids);
    this.emit('selection');
  }

  /** What was selected before a step that has been taken back is selected again, as far as it is there. */
  #selectAgain(before: Selection): void {
    const left = existing(before, this.journey);
    if (left.kind !== 'none') this.select(left);
  }

  /** The cell that keys act on: the selected one, or that of the first selected card. */
  get focusCell(): CellPlace | null {
    const selection = this.#selection;
    if (selection.kind === 'cell') return { lane: selection.lane, stage: selection.stage };
    if (selection.kind !== 'cards') return null;
    const card = this.layout.cards.get(selection.ids[0] as CardId)?.card;
    return card === undefined ? null : { lane: card.lane, stage: card.stage };
  }

  /** What is selected is seen, also where the filter would leave it out: a card that was just made or pasted. */
  #keepInSight(ids: readonly CardId[]): void {
    const { look } = this;
    if (!isFiltering(look.filter)) return;
    const hidden = new Set(
      this.journey.cards.filter((card) => !passes(look.filter, card, look.authors)).map(({ id }) => id)
    );
    const kept = ids.filter((id) => hidden.has(id) && !look.kept.has(id));
    if (kept.length > 0) this.look = { ...look, kept: new Set([...look.kept, ...kept]) };
  }

  // --- tools -----------------------------------------------------------------------------------------------------

  /** The tool in force: the chosen one, or the hand while it is held. */
  get tool(): ToolId {
    return this.#tools.tool;
  }

  set tool(tool: ToolId) {
    this.#tools.take(tool, this.canEdit);
  }

  /** The tool stays in hand after it was used. */
  get toolLocked(): boolean {
    return this.#tools.locked;
  }

  set toolLocked(locked: boolean) {
    this.#tools.locked = locked;
  }

  /** How what is made next will look. */
  get style(): ToolStyle {
    return this.#tools.style;
  }

  set style(style: ToolStyle) {
    this.#tools.style = style;
  }

  get grid(): number | null {
    return this.#tools.grid;
  }

  /** The grid of dots that objects snap to. */
  get gridShown(): boolean {
    return this.#tools.gridShown;
  }

  set gridShown(shown: boolean) {
    this.#tools.gridShown = shown;
  }

  /** Space is down or up. */
  holdHand(held: boolean): void {
    this.#tools.holdHand(held);
  }

  // --- the pointer -----------------------------------------------------------------------------------------------

  get gesture(): GestureView {
    return this.#gesture;
  }

  show(view: GestureView): void {
    const moved = lays(this.#gesture) || lays(view);
    this.#gesture = view;
    this.emit('gesture');
    if (moved) this.relayout();
  }

  get hovered(): Hit {
    return this.#hovered;
  }

  pointerDown(word: PointerWord): void {
    this.#pointer.down(word);
  }

  pointerMove(word: PointerWord): void {
    if (this.#pointer.move(word)) return;
    const hit = this.hit(word.at, word.touch);
    if (sameHit(hit, this.#hovered)) return;
    this.#hovered = hit;
    this.emit('hovered');
  }

  pointerUp(word: PointerWord): void {
    this.#pointer.up(word);
  }

  /** The pointer left the canvas without a press. */
  pointerLeave(): void {
    if (this.#hovered.kind === 'empty') return;
    this.#hovered = { kind: 'empty' };
    this.emit('hovered');
  }

  doubleClick(word: PointerWord): void {
    this.#pointer.doubleClick(word);
  }

  /** Drops the gesture without a trace. True when there was one. */
  cancelGesture(): boolean {
    return this.#pointer.cancel();
  }

  override get needsTicks(): boolean {
    return super.needsTicks || this.#pointer.scrolling;
  }

  /** Lets `ms` pass: glides, scrolling at the edge of the view, flashes. */
  override tick(ms: number): void {
    super.tick(ms);
    this.#pointer.tick(ms);
  }

  // --- free objects ----------------------------------------------------------------------------------------------

  create(object: NewObject): void {
    if (!this.canEdit) return;
    const [id] = this.document.objects.add([object]);
    if (id === undefined) return;
    const drawn = object.kind === 'pen' || object.kind === 'highlighter';
    if (!drawn) this.select(objectSelection([id]));
    this.#tools.used();
    if (object.kind === 'sticky' || object.kind === 'text') this.edit({ kind: 'object', id });
  }

  addCopies(objects: readonly MapObject[]): void {
    if (!this.canEdit) return;
    const ids = this.document.objects.addCopies(objects);
    this.select(objectSelection(ids));
  }

  // --- text ------------------------------------------------------------------------------------------------------

  get editing(): Editing | null {
    return this.#text.editing;
  }

  /** Opens a text. Does nothing for somebody who may not edit. */
  edit(editing: Editing): void {
    this.#text.open(editing);
  }

  /** Opens an empty card in a cell; it is in the document from its first letter on. */
  draft(place: CellPlace, text = ''): void {
    this.edit({ kind: 'draft', lane: place.lane, stage: place.stage, text });
  }

  /** Makes a card of the open draft. */
  writeDraft(text: string): CardId | null {
    return this.#text.writeDraft(text);
  }

  /** Closes the text, for whatever reason, after what was typed has been written; a card that was emptied goes. */
  finishEditing(): void {
    this.#text.finish();
  }

  // --- menus and other people --------------------------------------------------------------------------------------

  /** The menu that the person asked for; whoever draws it sets it back to null. */
  get menu(): MenuRequest | null {
    return this.#menu;
  }

  openMenu(menu: MenuRequest | null): void {
    this.#menu = menu;
    this.emit('menu');
  }

  /** The place that was pointed at last with the comment tool. */
  get remark(): Remark | null {
    return this.#remark;
  }

  /** Somebody wants to say something about what is at a point, or with `exact` about the point alone. */
  remarkAt(point: ScreenPoint, exact: boolean, touch = false): void {
    const hit: Hit = exact ? { kind: 'empty' } : this.hitWithoutHandles(point, touch);
    this.#remark = { at: toBoard(this.camera, point), hit };
    this.emit('remark');
  }

  get companions(): readonly Companion[] {
    return this.#companions;
  }

  set companions(companions: readonly Companion[]) {
    this.#companions = companions;
    this.emit('companions');
  }
}

/** True when what a gesture shows moves other things too. */
const lays = ({ kind }: GestureView): boolean =>
  kind === 'stageWidth' || kind === 'laneHeight' || kind === 'feeling';

const sameHit = (a: Hit, b: Hit): boolean => a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);

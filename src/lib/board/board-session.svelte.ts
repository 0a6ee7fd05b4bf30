import { Editor } from '#lib/canvas/editor/editor.ts';
import { carryingOf } from '#lib/canvas/editor/gesture.ts';
import { focusCell } from '#lib/canvas/editor/navigation.ts';
import { idsOfSelection } from '#lib/canvas/editor/selecting.ts';
import type { Look } from '#lib/canvas/editor/look.ts';
import type { Selection } from '#lib/canvas/editor/selection.ts';
import type { Editing, EditorAspect, MenuRequest } from '#lib/canvas/editor/types.ts';
import { FIRST_STYLE, type ToolStyle } from '#lib/canvas/editor/tools/style.ts';
import type { ToolId } from '#lib/canvas/editor/tools/tool-ids.ts';
import type { Camera } from '#lib/canvas/geometry/camera.ts';
import type { JourneyLayout } from '#lib/canvas/geometry/layout.ts';
import type { Size } from '#lib/canvas/geometry/space.ts';
import type { PictureServer } from '#lib/collab/pictures.ts';
import type { AuthorsClient } from '#lib/collab/authors.ts';
import type { MapConnection, Peer } from '#lib/collab/types.ts';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { LeftOut } from '#lib/document/read-values.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import { placeOf, type MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { canEdit, type Role } from '#lib/protocol/roles.ts';
import { takesEdits, type SaveState } from '#lib/protocol/save-state.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import { Authorship } from './authorship.svelte.ts';
import { BoardUi } from './board-ui.svelte.ts';
import { anchorOfRemark } from './comment-marks.ts';
import { Company } from './company.svelte.ts';
import { Finding } from './finding.svelte.ts';
import { cardMeasure } from './measure.ts';
import { PictureUploads } from './pictures/uploads.svelte.ts';
import type { BoardSessionOptions, BoardSessionShape } from './types.ts';

/**
 * One open board in one browser tab: joins the document, the connection and the editor, tells others what this person
 * does, and shows all of it to Svelte. Browser only.
 */
export class BoardSession implements BoardSessionShape {
  readonly document: JourneyDocument;
  readonly connection: MapConnection;
  readonly editor: Editor;
  readonly ui = new BoardUi();
  readonly finding = new Finding(this);
  /** Who wrote what, as the server knows it; null where it can't be asked. */
  readonly authors: AuthorsClient | null;
  readonly authorship: Authorship;
  /** What is done together: following, calling, a word at the cursor. */
  readonly company: Company;
  readonly pictures: PictureServer | null;
  /** Pictures on their way onto the board. */
  readonly uploads: PictureUploads | null;
  /** The number whose field the inspector should focus; set by {@link revealPlace}. */
  wanted = $state.raw<MetricKey | null>(null);

  #offer: number | null = null; // the message that offers an undo
  readonly #assumedRole: Role | null;
  readonly #stops: (() => void)[];
  #journey: Journey = $state.raw() as Journey;
  #shown: Journey = $state.raw() as Journey;
  #selection: Selection = $state.raw({ kind: 'none' });
  #camera: Camera = $state.raw() as Camera;
  #layout: JourneyLayout = $state.raw() as JourneyLayout;
  #viewport: Size = $state.raw() as Size;
  #look: Look = $state.raw() as Look;
  #tool: ToolId = $state('select');
  #style: ToolStyle = $state.raw(FIRST_STYLE);
  #toolLocked = $state(false);
  #gridShown = $state(false);
  #moving = $state(false);
  #editing: Editing | null = $state.raw(null);
  #menu: MenuRequest | null = $state.raw(null);
  #canUndo = $state(false);
  #canRedo = $state(false);
  #save: SaveState = $state.raw() as SaveState;
  #role: Role | null = $state(null);
  #loaded = $state(false);
  #scenario: ScenarioId | null = $state(null);
  #damaged = $state(false);
  #leftOut: LeftOut = $state.raw({ records: 0, texts: 0 });
  #me: MapConnection['me'] = $state.raw(null);
  #others: MapConnection['others'] = $state.raw() as MapConnection['others'];

  constructor({ document, connection, role = null, pictures = null, authors = null }: BoardSessionOptions) {
    this.pictures = pictures;
    this.document = document;
    this.authors = authors;
    this.authorship = new Authorship(this, authors);
    this.connection = connection;
    this.#assumedRole = role;
    this.#readConnection();
    this.editor = new Editor({
      document,
      measure: cardMeasure(),
      canEdit: () => this.canEdit
    });
    this.company = new Company(this.editor, connection);
    this.uploads = pictures === null ? null : new PictureUploads(pictures, this);
    this.#journey = this.#shown = document.journey;
    this.#camera = this.editor.camera;
    this.#viewport = this.editor.viewport;
    this.#look = this.editor.look;
    this.#layout = this.editor.layout;
    this.#stops = [
      this.editor.subscribe((aspect) => this.#onEditor(aspect)),
      document.onChange(({ local }) => {
        if (local && this.#offer !== null) toaster.dismiss(this.#offer);
        if (local) this.#offer = null;
        this.#onDocument();
      }),
      connection.on('change', () => this.#onConnection())
    ];
    this.#onConnection();
  }

  get journey(): Journey {
    return this.#journey;
  }
  /** The journey as the board shows it: with the numbers of the scenario in view. */
  get shown(): Journey {
    return this.#shown;
  }
  get selection(): Selection {
    return this.#selection;
  }
  get camera(): Camera {
    return this.#camera;
  }
  get viewport(): Size {
    return this.#viewport;
  }
  /** The filter and what is folded. */
  get look(): Look {
    return this.#look;
  }
  get layout(): JourneyLayout {
    return this.#layout;
  }
  get zoom(): number {
    return this.#camera.zoom;
  }
  get tool(): ToolId {
    return this.#tool;
  }
  /** How what is made next will look. */
  get style(): ToolStyle {
    return this.#style;
  }
  get toolLocked(): boolean {
    return this.#toolLocked;
  }
  get gridShown(): boolean {
    return this.#gridShown;
  }
  /** Cards or objects follow the pointer. */
  get moving(): boolean {
    return this.#moving;
  }
  get editing(): Editing | null {
    return this.#editing;
  }
  get menu(): MenuRequest | null {
    return this.#menu;
  }
  get canUndo(): boolean {
    return this.#canUndo && this.canEdit;
  }
  get canRedo(): boolean {
    return this.#canRedo && this.canEdit;
  }
  get save(): SaveState {
    return this.#save;
  }
  get role(): Role | null {
    return this.#role;
  }
  get canEdit(): boolean {
    return mayEdit(this.#role, this.#save);
  }
  get loaded(): boolean {
    return this.#loaded;
  }
  /** The server could read only a part of the map. */
  get damaged(): boolean {
    return this.#damaged;
  }
  /** What the map has above its limits, and the board therefore does not show. */
  get leftOut(): LeftOut {
    return this.#leftOut;
  }
  get me(): MapConnection['me'] {
    return this.#me;
  }
  /** Everybody else's tabs. */
  get others(): ReadonlyMap<number, Peer> {
    return this.#others;
  }

  /** The scenario whose numbers are shown and taken; null for the baseline. */
  get scenario(): ScenarioId | null {
    return this.#scenario;
  }

  showScenario(scenario: ScenarioId | null): void {
    this.#scenario = scenario;
    this.editor.scenario = scenario;
    this.#shown = this.editor.journey;
  }

  /** Shows the others on the canvas as they now are, and as this person wants to see them. */
  showCompanions(): void {
    this.editor.companions = this.company.update(this.#others);
  }

  select(selection: Selection): void {
    this.editor.select(selection);
  }

  undo(): void {
    this.editor.finishEditing();
    if (this.canUndo) this.document.undo();
  }

  redo(): void {
    this.editor.finishEditing();
    if (this.canRedo) this.document.redo();
  }

  /** Says what was removed, and offers to take it back until the next step, which undo would take back instead. */
  removed(sentence: string | null): void {
    if (sentence === null) return;
    this.#offer = toaster.show({ text: sentence, action: { label: 'Undo', run: () => this.undo() } });
  }

  revealPlace(key: MetricKey): void {
    const place = placeOf(key);
    if (place === null) return;
    const { editor } = this;
    editor.finishEditing();
    this.wanted = key;
    switch (place.on) {
      case 'settings':
        return editor.select({ kind: 'none' });
      case 'stage':
        editor.select({ kind: 'stage', id: place.stage });
        return editor.flash([place.stage]);
      case 'transition': {
        const drawn = this.#journey.metrics.has(key);
        // An arrow that is not drawn yet is entered on the stage it starts from.
        if (drawn) editor.select({ kind: 'transition', from: place.from, to: place.to });
        else editor.select({ kind: 'stage', id: place.from });
        return editor.flash([place.from]);
      }
      case 'cell':
        focusCell(editor, place);
        return editor.flash([place.lane, place.stage]);
    }
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    this.company.destroy();
    this.uploads?.destroy();
    this.authorship.destroy();
    this.editor.destroy();
    this.document.destroy();
  }

  #onEditor(aspect: EditorAspect): void {
    const { editor } = this;
    switch (aspect) {
      case 'camera':
        this.#camera = editor.camera;
        this.#viewport = editor.viewport;
        return this.company.onCamera();
      case 'look':
        this.#look = editor.look;
        return this.authorship.follow();
      case 'layout':
        // A keystroke of somebody else during a drag is shown at the drop; the canvas itself shows it at once.
        if (editor.gesture.kind === 'none') this.#layout = editor.layout;
        return;
      case 'gesture':
        if (editor.gesture.kind === 'none') this.#layout = editor.layout;
        this.#moving = carryingOf(editor.gesture) !== null;
        return this.company.onGesture();
      case 'selection':
        this.#selection = editor.selection;
        this.wanted = null;
        return this.connection.setSelection(idsOfSelection(editor.selection));
      case 'tool':
        this.#tool = editor.tool;
        this.#style = editor.style;
        this.#toolLocked = editor.toolLocked;
        this.#gridShown = editor.gridShown;
        return;
      case 'editing': {
        this.#editing = editor.editing;
        const { editing } = editor;
        return this.connection.setEditing(editing !== null && 'id' in editing ? editing.id : null);
      }
      case 'menu':
        this.#menu = editor.menu;
        return;
      case 'remark':
        if (editor.remark !== null) this.ui.comment({ anchor: anchorOfRemark(editor.remark) });
        return;
      case 'hovered':
      case 'finishing':
      case 'flash':
      case 'found':
      case 'companions':
    }
  }

  #onDocument(): void {
    this.#leftOut = this.document.leftOut;
    this.#journey = this.document.journey;
    const gone = !this.#journey.scenarios.some(({ id }) => id === this.#scenario);
    if (this.#scenario !== null && gone) this.showScenario(null);
    this.#shown = this.editor.journey;
    this.#canUndo = this.document.canUndo;
    this.#canRedo = this.document.canRedo;
    this.authorship.follow();
  }

  #onConnection(): void {
    this.#readConnection();
    this.#onDocument();
    this.showCompanions();
    this.uploads?.run();
  }

  #readConnection(): void {
    const { connection } = this;
    const role = connection.role ?? this.#assumedRole;
    // What is being typed is written while it still can be: it then counts among the changes on this device.
    if (mayEdit(this.#role, this.#save) && !mayEdit(role, connection.save)) this.editor.finishEditing();
    if (role !== this.#role && role !== null && !canEdit(role)) this.document.clearUndo();
    this.#role = role;
    this.#save = connection.save;
    this.#loaded = connection.loaded;
    this.#me = connection.me;
    this.#damaged = connection.damaged;
    this.#others = connection.others;
  }
}

/** Both the role and the connection have to take edits: what neither takes would only look like part of the map. */
const mayEdit = (role: Role | null, save: SaveState): boolean =>
  role !== null && canEdit(role) && takesEdits(save);

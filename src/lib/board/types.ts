import type { Editor } from '#lib/canvas/editor/editor.ts';
import type { Selection } from '#lib/canvas/editor/selection.ts';
import type { PictureServer } from '#lib/collab/pictures.ts';
import type { AuthorsClient } from '#lib/collab/authors.ts';
import type { MapConnection } from '#lib/collab/types.ts';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { SaveState } from '#lib/protocol/save-state.ts';
import type { BoardUi } from './board-ui.svelte.ts';

/** What `new BoardSession(...)` needs. The session destroys the editor and the document, not the connection. */
export interface BoardSessionOptions {
  readonly document: JourneyDocument;
  readonly connection: MapConnection;
  /** What the page knows of the person's role before the connection does; the connection's word then holds. */
  readonly role?: Role | null;
  /** Where the map's pictures are; without it their places stay empty and none can be added. */
  readonly pictures?: PictureServer | null;
  /** Who wrote what; without it nobody can be asked. */
  readonly authors?: AuthorsClient | null;
}

/** One open board: every property is reactive in Svelte. */
export interface BoardSessionShape {
  readonly document: JourneyDocument;
  readonly connection: MapConnection;
  readonly editor: Editor;
  readonly ui: BoardUi;
  readonly journey: Journey;
  /** With the numbers of the scenario in view. */
  readonly shown: Journey;
  readonly selection: Selection;
  readonly zoom: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly save: SaveState;
  /** Null until the server has said so; editing waits for it. */
  readonly role: Role | null;
  readonly canEdit: boolean;
  /** There is something true to draw. */
  readonly loaded: boolean;
  select(selection: Selection): void;
  /** Brings the number's stage, cell or arrow into view, selects it and flashes it. */
  revealPlace(key: MetricKey): void;
  destroy(): void;
}

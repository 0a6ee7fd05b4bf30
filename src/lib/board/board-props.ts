import type { Snippet } from 'svelte';
import type { BoardSession } from './board-session.svelte.ts';

/** Props of Board.svelte. */
export interface BoardProps {
  readonly session: BoardSession;
  readonly homeHref?: string;
  /** After the people, at the right end of the top bar. */
  readonly topRight?: Snippet;
  /** The panel at the right; on narrow screens a sheet at the bottom. */
  readonly side?: Snippet;
  /** What the panel region is called, for the sheet's handle and for screen readers. */
  readonly sideLabel?: string;
  /** Whether the panel is open; bindable. */
  readonly sideOpen?: boolean;
}

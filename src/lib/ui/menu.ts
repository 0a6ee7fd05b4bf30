import type { Component } from 'svelte';

/** One line of a menu: it runs `onselect`, links somewhere (`href`), or shows a tick (`checked`). */
export interface MenuItem {
  readonly label: string;
  readonly onselect?: () => void;
  readonly href?: string;
  /** With `href`: save what is there under this name ('' for the server's name). */
  readonly download?: string;
  readonly icon?: Component;
  readonly shortcut?: string;
  readonly checked?: boolean;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Draws a line above this item. */
  readonly divided?: boolean;
}

/** Fetches the board's code ahead of the page that needs it: while a form is on its way, or a pointer over a link. */
export const warmBoard = (): void => {
  // A failure shows where it matters, on the board's own page.
  void import('./maps/[id]/Workspace.svelte').catch(() => undefined);
};

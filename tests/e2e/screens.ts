/** The pictures of `docs/images`: every one of them is drawn by `screenshots.ts`, and nothing else may lie there. */
export const SCREENS = [
  'start.png',
  'start-dark.png',
  'board.png',
  'board-dark.png',
  'opportunities.png',
  'comments.png',
  'history.png',
  'details.png',
  'palette.png',
  'find.png',
  'views.png',
  'phone.png',
  'phone-dark.png'
] as const;

export type Screen = (typeof SCREENS)[number];

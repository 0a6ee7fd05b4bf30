/** Measures of the drawn map, in board units. */
export const METRE = {
  cellPadding: 10,
  cellFoot: 32, // for the cost chip and the button that adds a card
  cardGap: 8,
  cardPadding: { left: 16, right: 10, y: 8 },
  cardEdge: 6,
  cardRadius: 10,
  lineHeight: 19,
  baseline: 15, // below the top of its line, where a text field of that line height has it
  curve: { height: 148, top: 26, bottom: 44 },
  folded: { width: 56, height: 34 },
  band: { gap: 28, labelHeight: 26, cellLeast: 200, tip: 28 }
} as const;

/** How large a map and its parts may be. Lengths are UTF-16 code units; sizes are board units (1 = 1 px at 100%). */
export const LIMITS = {
  title: 200,
  name: 120,
  cardText: 10_000,
  cardTags: 20,
  tag: 40,
  cardLinks: 20,
  url: 2_000,
  stageText: 4_000,
  stages: 100,
  lanes: 100,
  cards: 20_000,
  scenarios: 50,
  opportunities: 200,
  experiments: 100,
  fits: 50,
  views: 50,
  /** Stages and lanes that a view may name as folded: all of them. */
  folded: 200,
  objects: 15_000,
  objectText: 4_000,
  strokePoints: 2_000,
  imageSide: 16_384, // pixels
  /** Where free objects may be, and how large their boxes are, in board units. */
  coordinate: { min: -1_000_000, max: 1_000_000 },
  objectSize: { min: 1, max: 100_000 },
  /** How far a window may see, in board units. */
  viewSize: { min: 1, max: 1_000_000 },
  strokeWidth: { min: 1, max: 64 },
  /** Metrics, ranges, a scenario's overrides: every arrow, every cell twice, and some for each stage. */
  numbers: 32_000,
  reason: 1_000,
  stageWidth: { min: 120, max: 1200, default: 240 },
  laneHeight: { min: 60, max: 2000, default: 120 }
} as const;

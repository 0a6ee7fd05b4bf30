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
  stageWidth: { min: 120, max: 1200, default: 240 },
  laneHeight: { min: 60, max: 2000, default: 120 }
} as const;

interface Goal {
  readonly name: string;
  readonly unit: string;
  readonly goals: readonly [number, number]; // at 2,000 and 10,000 cards
  readonly most: boolean; // the goal is not to be passed; else it is to be reached
  readonly peers: readonly [number, number]; // the better of two well-known whiteboards, on a quiet machine
}

export const GOALS = {
  work: { name: 'pan at 100%', unit: 'ms script an update', goals: [1.3, 3], most: true, peers: [2.6, 10.6] },
  overview: { name: 'pan at 10%', unit: 'ms script an update', goals: [5, 20], most: true, peers: [9.4, 43] },
  zoom: {
    name: 'pinch 100-10-100%',
    unit: 'ms script an update',
    goals: [4, 8],
    most: true,
    peers: [8.5, 17]
  },
  drag: {
    name: 'drag one, remote changes at 20 Hz',
    unit: 'ms script an update',
    goals: [4, 8],
    most: true,
    peers: [8.1, 30]
  },
  all: {
    name: 'select all and move',
    unit: 'updates a second',
    goals: [40, 15],
    most: false,
    peers: [6.5, 0.9]
  },
  load: { name: 'load to complete paint', unit: 's', goals: [0.25, 0.7], most: true, peers: [0.48, 0.71] },
  heap: { name: 'JS heap after gc', unit: 'MB', goals: [15, 45], most: true, peers: [19, 48] },
  transfer: {
    name: 'JS + CSS until it can be edited',
    unit: 'kB gz',
    goals: [250, 250],
    most: true,
    peers: [428, 428]
  }
} as const satisfies Record<string, Goal>;

export type Scenario = keyof typeof GOALS;
export type Figures = Partial<Record<Scenario, { figure: number; more: string }>>;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const short = (value: number) => value.toFixed(value < 10 ? 2 : 1);

/** Prints what was measured at a size beside the goals. */
export function report(count: number, rounds: readonly Figures[]): void {
  console.log(`\n${count} cards, ${rounds.length} rounds: median (least to most), goal, the better peer\n`);
  const column = count <= 2_000 ? 0 : 1;
  for (const [scenario, goal] of Object.entries(GOALS) as [Scenario, Goal][]) {
    const figures = rounds.flatMap((one) => one[scenario] ?? []);
    if (figures.length === 0) continue;
    const values = figures.map(({ figure }) => figure);
    const [figure, wanted] = [median(values), goal.goals[column]];
    const isMet = goal.most ? figure <= wanted : figure >= wanted;
    const range = `(${short(Math.min(...values))} to ${short(Math.max(...values))})`;
    const cells = [
      goal.name.padEnd(34),
      short(figure).padStart(6),
      range.padEnd(16),
      `${isMet ? 'meets ' : 'misses'} ${wanted}`.padEnd(12),
      `peer ${goal.peers[column]}`.padEnd(10),
      goal.unit.padEnd(20),
      figures[0]?.more ?? ''
    ];
    console.log(`  ${cells.join(' ')}`.trimEnd());
  }
}

import { journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile } from '#lib/journey/file.ts';
import type { JourneyInput } from '#lib/clv/index.ts';
import { assumptionsOf, feelingAt } from '#lib/scenarios/assumptions.ts';
import example from '../../static/examples/subscription-trial.json';

/** The example as the start page draws it: a few lanes and words, and everything the engine needs. */
export interface Miniature {
  readonly title: string;
  readonly stages: readonly { readonly id: string; readonly name: string; readonly feeling: number }[];
  readonly lanes: readonly {
    readonly id: string;
    readonly kind: string;
    readonly name: string;
    /** One card's text by stage, in the order of `stages`; null for an empty cell. */
    readonly cards: readonly (string | null)[];
  }[];
  readonly input: JourneyInput;
}

const SHOWN_LANES = ['actions', 'feelings', 'opportunities'];

export function miniature(): Miniature {
  const parsed = parseMapFile(example);
  if (!parsed.ok) throw new Error(`the example is not a map file: ${parsed.problems[0]?.message}`);
  const journey = journeyOf(parsed.file);
  return {
    title: journey.title,
    stages: journey.stages.map(({ id, name }) => ({
      id,
      name,
      feeling: feelingAt(journey, journey.metrics, id) ?? 0
    })),
    lanes: SHOWN_LANES.flatMap((kind) => journey.lanes.find((lane) => lane.kind === kind) ?? []).map(
      ({ id, kind, name }) => ({
        id,
        kind,
        name,
        cards: journey.stages.map(
          (stage) => journey.cards.find((card) => card.lane === id && card.stage === stage.id)?.text ?? null
        )
      })
    ),
    input: assumptionsOf(journey, null)
  };
}

import type { KeyFigures, Opportunity as EngineOpportunity } from '#lib/clv/decisions/index.ts';
import { baselineOf, evaluateOpportunity, type Baseline } from '#lib/clv/decisions/index.ts';
import { TICKS_PER_YEAR, type JourneyInput } from '#lib/clv/index.ts';
import type { OpportunityId } from '#lib/journey/ids.ts';
import { settingsKey } from '#lib/journey/metrics.ts';
import type { Journey, Opportunity, OpportunityStatus } from '#lib/journey/records.ts';
import { decisionNotice, missingIntake, type DecisionNotice } from './decision-notice.ts';
import { engineEdits } from './engine-places.ts';
import type { Evaluation } from './figures.ts';

/** Over what opportunities are judged (SPEC F17). */
export interface MapProgramme {
  /** New prospects per tick; null while nobody has entered them. */
  readonly intake: number | null;
  /** Whole ticks: 24 months' worth, or the map's horizon where that is shorter. */
  readonly ticks: number;
}

/** What one opportunity brings, against the baseline. Money. */
export interface Uplift {
  readonly ok: true;
  readonly before: KeyFigures;
  readonly after: KeyFigures;
  /** Per customer and per prospect, if it succeeds with everybody. */
  readonly clvUplift: number;
  readonly npvUplift: number;
  /** Per prospect, with its chance of success and its reach. */
  readonly expectedUplift: number;
  /** Null while the intake is missing. */
  readonly programmeValue: number | null;
}

export interface OpportunityFigures {
  readonly id: OpportunityId;
  readonly opportunity: Opportunity;
  readonly result: Uplift | { readonly ok: false; readonly problems: readonly DecisionNotice[] };
}

/** The opportunities of a map, those worth most first. */
export interface Decisions {
  readonly programme: MapProgramme;
  /** What keeps all of them from a figure: the map's own problems, the missing intake. */
  readonly notices: readonly DecisionNotice[];
  /** Open ones by programme value (by uplift while that is unknown), then those without a figure, then closed ones. */
  readonly ranked: readonly OpportunityFigures[];
}

/** Still to be decided or under way; what is done is in the map's numbers already, or should be. */
export const isOpen = (status: OpportunityStatus): boolean => status !== 'done' && status !== 'dropped';

/** The programme of a map: its intake, over 24 months or its horizon. */
export function programmeOf(journey: Journey): MapProgramme {
  const months24 = 2 * TICKS_PER_YEAR[journey.settings.tick];
  const horizon = journey.metrics.get(settingsKey('horizon')) ?? months24;
  const ticks = Number.isInteger(horizon) && horizon >= 1 ? Math.min(months24, horizon) : months24;
  const intake = journey.metrics.get(settingsKey('prospectsPerTick')) ?? null;
  return { intake, ticks };
}

/** An opportunity as the engine takes it, or what keeps it from being taken. */
export function engineOpportunity(
  opportunity: Opportunity,
  journey: Journey
):
  | { readonly ok: true; readonly opportunity: EngineOpportunity }
  | { readonly ok: false; readonly problems: readonly DecisionNotice[] } {
  const { id, name, oneOffCost, runningCost, successProbability, reach } = opportunity;
  const { edits, problems } = engineEdits(opportunity.edits, journey, journey.metrics);
  if (problems.length > 0)
    return { ok: false, problems: problems.map((problem) => ({ ...problem, opportunity: id })) };
  return {
    ok: true,
    opportunity: { id, name, edits, oneOffCost, runningCost, successProbability, reach }
  };
}

/** What was worked out for one state of the numbers; a keystroke in one opportunity leaves the others' results. */
interface Kept {
  readonly baseline: ReturnType<typeof baselineOf>;
  readonly results: WeakMap<Opportunity, OpportunityFigures['result']>;
}
const kept = new WeakMap<JourneyInput, Kept>();

function keptFor(input: JourneyInput): Kept {
  const known = kept.get(input);
  if (known !== undefined) return known;
  const fresh: Kept = { baseline: baselineOf(input), results: new WeakMap() };
  kept.set(input, fresh);
  return fresh;
}

/**
 * What every opportunity brings, alone, by re-solving the map with its changes (SPEC F16 to F18).
 *
 * @param baseline the map's figures, from `evaluateMap` of the same journey
 */
export function evaluateOpportunities(journey: Journey, baseline: Evaluation): Decisions {
  const programme = programmeOf(journey);
  const inOrder = (result: (opportunity: Opportunity) => OpportunityFigures['result']) =>
    journey.opportunities.map((opportunity) => ({
      id: opportunity.id,
      opportunity,
      result: result(opportunity)
    }));
  if (!baseline.ok) {
    const notices = baseline.problems.map((problem) => ({ ...problem, opportunity: null }));
    return { programme, notices, ranked: inOrder(() => ({ ok: false, problems: [] })) };
  }
  const known = keptFor(baseline.input);
  const figures = inOrder((opportunity) => {
    const before = known.results.get(opportunity);
    if (before !== undefined) return before;
    const result = known.baseline.ok
      ? resultOf(opportunity, journey, known.baseline, programme)
      : { ok: false as const, problems: [] };
    known.results.set(opportunity, result);
    return result;
  });
  return {
    programme,
    notices: programme.intake === null ? [missingIntake(journey)] : [],
    ranked: figures
      .map((figure, index) => ({ figure, index, rank: rankOf(figure) }))
      .sort((a, b) => a.rank.group - b.rank.group || b.rank.value - a.rank.value || a.index - b.index)
      .map(({ figure }) => figure)
  };
}

function rankOf({ opportunity, result }: OpportunityFigures): { group: number; value: number } {
  const value = result.ok ? (result.programmeValue ?? result.expectedUplift) : 0;
  return { group: !isOpen(opportunity.status) ? 2 : result.ok ? 0 : 1, value };
}

function resultOf(
  opportunity: Opportunity,
  journey: Journey,
  baseline: Baseline,
  { intake, ticks }: MapProgramme
): OpportunityFigures['result'] {
  if (opportunity.edits.size === 0) return { ok: false, problems: [changesNothing(opportunity)] };
  const taken = engineOpportunity(opportunity, journey);
  if (!taken.ok) return taken;
  const result = evaluateOpportunity(baseline, taken.opportunity, { intake: intake ?? 0, ticks });
  if (!result.ok)
    return {
      ok: false,
      problems: result.problems.map((problem) => ({
        ...decisionNotice(problem, journey, journey.metrics),
        opportunity: opportunity.id
      }))
    };
  const { before, after, clvUplift, npvUplift, expectedUplift, programmeValue } = result;
  return {
    ok: true,
    before,
    after,
    clvUplift,
    npvUplift,
    expectedUplift,
    programmeValue: intake === null ? null : programmeValue
  };
}

const changesNothing = ({ id, name }: Opportunity): DecisionNotice => ({
  code: 'E_MISSING',
  key: null,
  path: `opportunities/${id}/edits`,
  where: '',
  message: `“${name.trim() || 'Unnamed opportunity'}” does not say yet which number it changes.`,
  opportunity: id
});

/** The opportunities that have a figure, as the engine takes them; of closed ones none. */
export function openOpportunities(journey: Journey, { ranked }: Decisions): EngineOpportunity[] {
  const able = new Set(
    ranked.filter(({ opportunity, result }) => result.ok && isOpen(opportunity.status)).map(({ id }) => id)
  );
  return journey.opportunities.flatMap((one) => {
    const taken = able.has(one.id) ? engineOpportunity(one, journey) : null;
    return taken?.ok ? [taken.opportunity] : [];
  });
}

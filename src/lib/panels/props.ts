import type { AuthorsClient } from '#lib/collab/authors.ts';
import type { Selection } from '#lib/canvas/editor/selection.ts';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { OpportunityId, ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { MapFigures } from '#lib/scenarios/figures.ts';
import type { TalkProps } from './comments/talk.svelte.ts';

/** What shows figures without changing them. `journey` and `figures` are replaced, never mutated, on each change. */
export interface FiguresProps {
  readonly journey: Journey;
  readonly figures: MapFigures;
  /** The scenario that is looked at and edited; null is the baseline. */
  readonly scenario: ScenarioId | null;
  /** Goes to the field of a number: selects its stage, cell or arrow and focuses the field. */
  readonly onShow: (key: MetricKey) => void;
}

/** What the money panels need. */
export interface MoneyPanelProps extends FiguresProps {
  readonly document: JourneyDocument;
  readonly canEdit: boolean;
}

export interface ClvPanelProps extends MoneyPanelProps {
  /** The name that the person goes by on the board; empty while nobody knows it. */
  readonly personName?: string;
  readonly onScenario: (id: ScenarioId | null) => void;
  /** Opens the opportunities, at one of them or at the list. */
  readonly onOpportunity: (id: OpportunityId | null) => void;
  /** Where the figures stand as a page to print; null where there is none. */
  readonly figuresHref?: string | null;
}

export interface InspectorProps extends MoneyPanelProps {
  readonly selection: Selection;
  /** Who wrote what; without it nothing is said of it. */
  readonly authors?: AuthorsClient | null;
  /** The account of whoever looks. */
  readonly me?: string;
}

export interface OpportunitiesPanelProps extends InspectorProps {
  /** What people say of opportunities; without it the panel has no comments. */
  readonly said?: TalkProps;
  /** The opportunity that somebody asked to see; the panel opens it. */
  readonly wanted: OpportunityId | null;
}

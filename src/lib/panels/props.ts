import type { Selection } from '#lib/canvas/editor/selection.ts';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { MapFigures } from '#lib/scenarios/figures.ts';

/** What both money panels need. `journey` and `figures` are replaced, never mutated, on each change. */
export interface MoneyPanelProps {
  readonly document: JourneyDocument;
  readonly journey: Journey;
  readonly figures: MapFigures;
  /** The scenario that is looked at and edited; null is the baseline. */
  readonly scenario: ScenarioId | null;
  /** Goes to the field of a number: selects its stage, cell or arrow and focuses the field. */
  readonly onShow: (key: MetricKey) => void;
  readonly canEdit: boolean;
}

export interface ClvPanelProps extends MoneyPanelProps {
  readonly onScenario: (id: ScenarioId | null) => void;
}

export interface InspectorProps extends MoneyPanelProps {
  readonly selection: Selection;
}

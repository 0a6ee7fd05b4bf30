import { JourneyDocument } from '#lib/document/journey-document.ts';
import { writeJourney } from '#lib/document/write.ts';
import type { OpportunityId, ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Selection } from '#lib/canvas/editor/selection.ts';
import { evaluateMap } from '#lib/scenarios/evaluate.ts';
import type { MapFigures } from '#lib/scenarios/figures.ts';

/** A map under the panels, live as on a board: props for a panel, and what was asked to be shown. */
export class World {
  readonly document: JourneyDocument;
  readonly shown: MetricKey[] = [];
  journey = $state.raw() as Journey;
  figures = $state.raw() as MapFigures;
  scenario = $state<ScenarioId | null>(null);
  selection = $state.raw<Selection>({ kind: 'none' });
  canEdit = $state(true);
  readonly personName = 'Ann';
  wanted = $state<OpportunityId | null>(null);

  /** @param doc an empty document; tests bring it, since Yjs is at home elsewhere */
  constructor(journey: Journey, doc: JourneyDocument['doc']) {
    writeJourney(doc, journey);
    this.document = new JourneyDocument(doc);
    this.journey = this.document.journey;
    this.figures = evaluateMap(this.journey);
    this.document.onChange(() => {
      this.journey = this.document.journey;
      this.figures = evaluateMap(this.journey, this.figures);
    });
  }

  readonly onShow = (key: MetricKey): void => {
    this.shown.push(key);
  };

  readonly onScenario = (id: ScenarioId | null): void => {
    this.scenario = id;
  };

  readonly onOpportunity = (id: OpportunityId | null): void => {
    this.wanted = id;
  };
}

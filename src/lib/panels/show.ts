import type { Selection } from '#lib/canvas/editor/selection.ts';
import { placeOf, transitionKey, type MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';

/**
 * What to select so that the inspector shows the field of a number. An arrow that is not drawn yet leads to the stage
 * it would start from; a number of the map itself leads to no selection, its field is in the CLV panel.
 */
export function selectionOf(key: MetricKey, journey: Journey): Selection {
  const place = placeOf(key);
  switch (place?.on) {
    case 'stage':
      return { kind: 'stage', id: place.stage };
    case 'transition':
      return journey.metrics.has(transitionKey(place.from, place.to))
        ? { kind: 'transition', from: place.from, to: place.to }
        : { kind: 'stage', id: place.from };
    case 'cell':
      return { kind: 'cell', lane: place.lane, stage: place.stage };
    default:
      return { kind: 'none' };
  }
}

/**
 * Moves the focus to the field of a number inside `root`, and into view. An arrow that is not drawn yet leads to the
 * picker that draws one. Returns whether there was such a field.
 */
export function focusMetric(root: ParentNode, key: MetricKey): boolean {
  const place = placeOf(key);
  const field =
    root.querySelector<HTMLElement>(`[data-metric="${key}"]`) ??
    (place?.on === 'transition'
      ? root.querySelector<HTMLElement>(`[data-draws-from="${place.from}"]`)
      : null);
  field?.focus();
  field?.scrollIntoView?.({ block: 'nearest' });
  return field !== null;
}

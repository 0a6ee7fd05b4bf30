import * as Y from 'yjs';
import { hasText, isStroke, usualColor, type End, type MapObject } from '#lib/journey/objects.ts';
import { packPoints } from '#lib/journey/stroke-points.ts';
import type { YRecord } from './layout.ts';

const endFields = ({ x, y, target, side }: End): Record<string, unknown> => ({
  x,
  y,
  ...(target === null ? {} : { target }),
  ...(side === 'auto' ? {} : { side })
});

/** The plain values of an object as its record holds them; text, which people type together, is left out. */
export function objectFields(object: MapObject): Record<string, unknown> {
  const { id: _, locked, group, color, ...rest } = object;
  const fields: Record<string, unknown> = {
    ...rest,
    color: color === usualColor(object.kind) ? null : color,
    locked: locked || null,
    group
  };
  delete fields.text;
  if (isStroke(object)) fields.points = packPoints(object.points);
  if (object.kind === 'connector') {
    fields.from = endFields(object.from);
    fields.to = endFields(object.to);
  }
  return fields;
}

export function objectRecord(object: MapObject): YRecord {
  const map = new Y.Map<unknown>();
  for (const [key, value] of Object.entries(objectFields(object))) if (value !== null) map.set(key, value);
  if (hasText(object)) map.set('text', new Y.Text(object.text));
  return map;
}

/** Writes what differs between two states of an object into its record; anything else that is there stays. */
export function writeObjectChange(record: YRecord, before: MapObject, after: MapObject): void {
  const old = objectFields(before);
  for (const [key, value] of Object.entries(objectFields(after))) {
    if (same(old[key], value)) continue;
    if (value === null) record.delete(key);
    else record.set(key, value);
  }
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

import * as v from 'valibot';
import { isRecordId } from './ids.ts';
import type { MetricRange } from './metrics.ts';

// Each check's message is "CODE sentence"; parseMapFile takes it apart.

export const text = (max: number) =>
  v.pipe(
    v.string('E_TYPE This must be text.'),
    v.maxLength(max, `E_TOO_LONG This may be ${max} characters long.`)
  );

export const id = v.pipe(
  v.string('E_TYPE An id is text.'),
  v.check(isRecordId, 'E_ID An id is 1 to 64 letters, digits, "-" or "_".')
);

export const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `E_ENUM This must be one of: ${values.join(', ')}.`);

export const number = (range: MetricRange) => {
  const finite = v.pipe(
    v.number('E_TYPE This must be a number.'),
    v.finite('E_NOT_FINITE This must be a finite number.'),
    v.minValue(range.min, `E_RANGE This must be ${bounds(range)}.`),
    v.maxValue(range.max, `E_RANGE This must be ${bounds(range)}.`)
  );
  return range.integer ? v.pipe(finite, v.integer('E_INTEGER This must be a whole number.')) : finite;
};

/** A range in words. */
export const bounds = ({ min, max }: MetricRange) =>
  min === Number.MIN_VALUE ? `above 0 and at most ${max}` : `from ${min} to ${max}`;

export const list = <const S extends v.GenericSchema>(item: S, max: number, where = 'on a map') =>
  v.pipe(
    v.array(item, 'E_TYPE This must be a list.'),
    v.maxLength(max, `E_TOO_MANY At most ${max} fit ${where}.`)
  );

export const NOT_AN_OBJECT = 'E_TYPE This must be an object.';

export const anyNumber = v.pipe(
  v.number('E_TYPE This must be a number.'),
  v.finite('E_NOT_FINITE This must be a finite number.')
);

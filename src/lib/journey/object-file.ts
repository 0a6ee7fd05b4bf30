import type { ObjectId } from './ids.ts';
import type { FileObject } from './object-schema.ts';
import { hasText, isStroke, USUAL, usualColor, type End, type MapObject, type Target } from './objects.ts';
import type { Journey } from './records.ts';
import { roundedPoint } from './stroke-points.ts';

type FileEnd = Extract<FileObject, { kind: 'connector' }>['from'];

const endOf = ({ x, y, target, side }: FileEnd): End => ({
  x,
  y,
  target: (target ?? null) as Target | null,
  side: side ?? USUAL.side
});

/** A checked object of a file as a record. */
export function objectOf(object: FileObject, rank: string): MapObject {
  const common = {
    id: object.id as ObjectId,
    rank,
    color: object.color ?? usualColor(object.kind),
    locked: object.locked ?? false,
    group: object.group ?? null
  };
  switch (object.kind) {
    case 'sticky':
    case 'frame':
    case 'image':
      return { ...object, ...common, text: object.text ?? '' };
    case 'text':
      return { ...object, ...common, text: object.text ?? '', size: object.size ?? USUAL.size };
    case 'rectangle':
    case 'ellipse':
      return { ...object, ...common, text: object.text ?? '', fill: object.fill ?? USUAL.fill };
    case 'line':
    case 'stamp':
      return { ...object, ...common };
    case 'connector':
      return {
        ...common,
        kind: object.kind,
        from: endOf(object.from),
        to: endOf(object.to),
        route: object.route ?? USUAL.route,
        heads: object.heads ?? USUAL.heads,
        text: object.text ?? ''
      };
    case 'pen':
    case 'highlighter':
      return {
        ...object,
        ...common,
        points: object.points.map(roundedPoint),
        thickness: object.thickness ?? USUAL.thickness
      };
  }
}

/** What a connector of a map can hold on to. */
export const targetsOf = (
  map: Pick<Journey, 'objects' | 'cards' | 'stages' | 'lanes'> & Partial<Pick<Journey, 'unplaced'>>
) => knownTargets({ ...map, cards: [...map.cards, ...(map.unplaced ?? [])] });

/** Tells of a target whether it is there. */
export function knownTargets(map: {
  readonly objects: readonly { readonly id: string; readonly kind: string }[];
  readonly cards: readonly { readonly id: string }[];
  readonly stages: readonly { readonly id: string }[];
  readonly lanes: readonly { readonly id: string }[];
}): (target: FileEnd['target'] & object) => boolean {
  const ids = (list: readonly { readonly id: string }[]) => new Set(list.map(({ id }) => id));
  const [objects, cards, stages, lanes] = [
    ids(map.objects.filter(({ kind }) => kind !== 'connector')),
    ids(map.cards),
    ids(map.stages),
    ids(map.lanes)
  ];
  return (target) => {
    switch (target.on) {
      case 'object':
        return objects.has(target.id);
      case 'card':
        return cards.has(target.id);
      case 'stage':
        return stages.has(target.id);
      case 'cell':
        return lanes.has(target.lane) && stages.has(target.stage);
    }
  };
}

type Known = ReturnType<typeof knownTargets>;

const fileEnd = ({ x, y, target, side }: End, known: Known): FileEnd => ({
  x,
  y,
  ...(target !== null && known(target) ? { target } : {}),
  ...(side === USUAL.side ? {} : { side })
});

/** An object as a file has it. An end whose target is gone is written as the place where it was last. */
export function fileOfObject(object: MapObject, known: Known): FileObject {
  const { rank: _, locked, group, color, ...rest } = object;
  const fields: Record<string, unknown> = {
    ...rest,
    ...(color === usualColor(object.kind) ? {} : { color }),
    ...(locked ? { locked } : {}),
    ...(group === null ? {} : { group })
  };
  if (hasText(object) && object.text === '') delete fields.text;
  if ('size' in object && object.size === USUAL.size) delete fields.size;
  if ('fill' in object && object.fill === USUAL.fill) delete fields.fill;
  if (isStroke(object) && object.thickness === USUAL.thickness) delete fields.thickness;
  if (object.kind === 'connector') {
    fields.from = fileEnd(object.from, known);
    fields.to = fileEnd(object.to, known);
    if (object.route === USUAL.route) delete fields.route;
    if (object.heads === USUAL.heads) delete fields.heads;
  }
  return fields as FileObject;
}

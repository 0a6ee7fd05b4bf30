import type * as Y from 'yjs';

/** What a binding needs of a text field; a textarea and an input have it. */
export interface TextField extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  value: string;
  selectionStart: number | null;
  selectionEnd: number | null;
  setSelectionRange(start: number, end: number): void;
}

/** One replacement in a text: `remove` units at `index` give way to `insert`. */
export interface TextEdit {
  readonly index: number;
  readonly remove: number;
  readonly insert: string;
}

interface DeltaPart {
  readonly retain?: number | undefined;
  readonly insert?: unknown;
  readonly delete?: number | undefined;
}

const isHigh = (text: string, index: number) => /[\uD800-\uDBFF]/.test(text.charAt(index));
const isLow = (text: string, index: number) => /[\uDC00-\uDFFF]/.test(text.charAt(index));

/**
 * The smallest single replacement that makes `after` of `before`; null when they are equal. The caret, which stands
 * behind what was typed, decides between places that look alike ("aa" to "aaa"). Never cuts a surrogate pair: Yjs
 * would keep two broken halves.
 */
export function diffText(before: string, after: string, caret = after.length): TextEdit | null {
  if (before === after) return null;
  const room = Math.min(before.length, after.length);
  const tail = Math.max(0, Math.min(room, after.length - caret));
  let end = 0;
  while (end < tail && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  let start = 0;
  while (start < room - end && before[start] === after[start]) start += 1;
  while (end < room - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (start > 0 && isHigh(before, start - 1)) start -= 1;
  if (end > 0 && isLow(before, before.length - end)) end -= 1;
  return {
    index: start,
    remove: before.length - start - end,
    insert: after.slice(start, after.length - end)
  };
}

/** Where a position of the text before `delta` is after it. Text that comes in right at it goes behind it. */
export function mapPosition(position: number, delta: readonly DeltaPart[]): number {
  let read = 0; // in the text before
  let shift = 0;
  for (const part of delta) {
    if (typeof part.retain === 'number') read += part.retain;
    else if (typeof part.delete === 'number') {
      if (read < position) shift -= Math.min(part.delete, position - read);
      read += part.delete;
    } else if (typeof part.insert === 'string' && read < position) shift += part.insert.length;
    if (read > position) break;
  }
  return position + shift;
}

/** What is left of the range [start, end) of a text after `delta`, as ranges of the text after it. */
export function mapRange(
  start: number,
  end: number,
  delta: readonly DeltaPart[]
): { start: number; end: number }[] {
  const left: { start: number; end: number }[] = [];
  let read = 0;
  let write = 0;
  const keep = (length: number) => {
    const from = Math.max(start, read);
    const to = Math.min(end, read + length);
    if (from < to) left.push({ start: write + from - read, end: write + to - read });
    read += length;
    write += length;
  };
  for (const part of delta) {
    if (typeof part.retain === 'number') keep(part.retain);
    else if (typeof part.delete === 'number') read += part.delete;
    else if (typeof part.insert === 'string') write += part.insert.length;
  }
  if (read < end) keep(end - read);
  return left;
}

/**
 * Keeps a text field and a shared text in step while several people type: each input becomes its smallest edit, and
 * what others write moves the caret along with the words around it. While an input method composes, the field is left
 * alone and its half-made words stay here; both sides are settled when the composition ends.
 *
 * @param write Runs an edit as a transaction of this client (`JourneyDocument.typing`).
 * @returns What ends the binding; an open composition is written first.
 */
export function bindText(
  field: TextField,
  text: Y.Text,
  write: (edit: () => void) => void,
  onRemote: () => void = () => undefined
): () => void {
  let known = text.toJSON(); // what both sides agreed on last
  let missed: (readonly DeltaPart[])[] = []; // others' edits since then, held back by a composition
  let composing = false;
  let writing = false;

  const flush = (): void => {
    const edit = diffText(known, field.value, field.selectionEnd ?? field.value.length);
    if (edit !== null) {
      const place = missed.reduce((position, delta) => mapPosition(position, delta), edit.index);
      const gone = missed.reduce(
        (ranges, delta) => ranges.flatMap(({ start, end }) => mapRange(start, end, delta)),
        [{ start: edit.index, end: edit.index + edit.remove }]
      );
      writing = true;
      write(() => {
        for (const { start, end } of gone.toReversed()) if (end > start) text.delete(start, end - start);
        // Ranges that went before the place are only those at it: the insert stands where the removal began.
        if (edit.insert !== '') text.insert(Math.min(place, text.length), edit.insert);
      });
      writing = false;
    }
    settle(edit);
  };

  const settle = (edit: TextEdit | null): void => {
    const held = missed;
    missed = [];
    known = text.toJSON();
    if (known === field.value) return;
    const move = (position: number | null) => {
      const moved = held.reduce((at, delta) => mapPosition(at, delta), position ?? known.length);
      return Math.max(0, Math.min(known.length, moved));
    };
    // The caret stands in the field's text, the held edits count in the one before it.
    const own = edit === null ? 0 : edit.insert.length - edit.remove;
    const before = (position: number | null) =>
      edit === null || position === null || position <= edit.index ? position : position - own;
    const after = (position: number | null) => {
      const at = move(before(position));
      return edit === null || position === null || position <= edit.index ? at : at + own;
    };
    put(after(field.selectionStart), after(field.selectionEnd));
  };

  const put = (start: number, end: number): void => {
    field.value = known;
    const limit = known.length;
    field.setSelectionRange(Math.max(0, Math.min(limit, start)), Math.max(0, Math.min(limit, end)));
    onRemote();
  };

  const onText = (event: Y.YTextEvent): void => {
    if (writing) return;
    const delta = event.delta;
    if (composing) {
      missed.push(delta);
      return;
    }
    known = text.toJSON();
    const end = field.value.length;
    put(mapPosition(field.selectionStart ?? end, delta), mapPosition(field.selectionEnd ?? end, delta));
  };
  const onInput = (): void => {
    if (!composing) flush();
  };
  const onStart = (): void => {
    composing = true;
  };
  const onEnd = (): void => {
    composing = false;
    flush();
  };

  if (known.includes('\r')) {
    // A field turns these into plain line ends, and positions would no longer mean the same on both sides.
    write(() => {
      for (let index = known.length - 1; index >= 0; index -= 1)
        if (known[index] === '\r') {
          const lone = known[index + 1] !== '\n';
          text.delete(index, 1);
          if (lone) text.insert(index, '\n');
        }
    });
    known = text.toJSON();
  }
  field.value = known;
  text.observe(onText);
  field.addEventListener('input', onInput);
  field.addEventListener('compositionstart', onStart);
  field.addEventListener('compositionend', onEnd);
  return () => {
    if (composing) onEnd();
    text.unobserve(onText);
    field.removeEventListener('input', onInput);
    field.removeEventListener('compositionstart', onStart);
    field.removeEventListener('compositionend', onEnd);
  };
}

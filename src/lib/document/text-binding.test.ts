import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bindText, diffText, mapPosition, type TextField } from './text-binding.ts';

/** A text field as a browser has it: setting the value puts the caret at its end. */
class FakeField extends EventTarget implements TextField {
  selectionStart = 0;
  selectionEnd = 0;
  #value = '';

  get value() {
    return this.#value;
  }

  set value(text: string) {
    this.#value = text;
    this.selectionStart = this.selectionEnd = text.length;
  }

  setSelectionRange(start: number, end: number) {
    this.selectionStart = start;
    this.selectionEnd = end;
  }

  /** Replaces the selection as typing or pasting does, and says so unless composing. */
  type(text: string, says = true) {
    const { selectionStart: start, selectionEnd: end } = this;
    this.#value = this.#value.slice(0, start) + text + this.#value.slice(end);
    this.selectionStart = this.selectionEnd = start + text.length;
    if (says) this.dispatchEvent(new Event('input'));
  }
}

function pair(initial: string) {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  a.getText('t').insert(0, initial);
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  a.on('update', (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(b, update, 'wire'));
  b.on('update', (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(a, update, 'wire'));
  const field = new FakeField();
  const stop = bindText(field, a.getText('t'), (edit) => a.transact(edit));
  return { field, stop, mine: a.getText('t'), theirs: b.getText('t') };
}

describe('diffText', () => {
  it('gives the smallest replacement, at the caret where letters repeat', () => {
    expect(diffText('hello', 'hello')).toBeNull();
    expect(diffText('aa', 'aaa', 1)).toEqual({ index: 0, remove: 0, insert: 'a' });
    expect(diffText('aa', 'aaa', 3)).toEqual({ index: 2, remove: 0, insert: 'a' });
    expect(diffText('one two', 'one 2', 5)).toEqual({ index: 4, remove: 3, insert: '2' });
  });

  it('never cuts a surrogate pair', () => {
    expect(diffText('😀', '😁')).toEqual({ index: 0, remove: 2, insert: '😁' });
    const { field, theirs } = pair('x😀y');
    field.setSelectionRange(1, 3);
    field.type('😁');
    expect(theirs.toJSON()).toBe('x😁y');
  });

  it('applied to the first text it makes the second', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '\n'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.nat(24), (before, after, caret) => {
        const edit = diffText(before, after, caret);
        if (edit === null) return before === after;
        return before.slice(0, edit.index) + edit.insert + before.slice(edit.index + edit.remove) === after;
      })
    );
  });
});

describe('bindText', () => {
  it('keeps the caret at its words under remote edits', () => {
    const { field, theirs } = pair('one three');
    field.setSelectionRange(6, 6);
    theirs.insert(4, 'two ');
    expect(field.value).toBe('one two three');
    expect(field.selectionStart).toBe(10);
    theirs.delete(0, 4);
    expect(field.selectionStart).toBe(6);
    theirs.insert(9, '!');
    expect(field.selectionStart).toBe(6);
  });

  it('writes nothing into the field while an input method composes, and nothing half-made to the text', () => {
    const { field, mine, theirs } = pair('ab');
    field.setSelectionRange(1, 1);
    field.dispatchEvent(new Event('compositionstart'));
    field.type('に');
    theirs.insert(0, 'X');
    theirs.insert(theirs.length, 'Y');
    expect(field.value).toBe('aにb');
    expect(mine.toJSON()).toBe('XabY');
    field.type('ほん');
    field.dispatchEvent(new Event('compositionend'));
    expect(theirs.toJSON()).toBe('XaにほんbY');
    expect(field.value).toBe('XaにほんbY');
    expect(field.selectionStart).toBe(5);
  });

  it('settles line ends that a field would change', () => {
    const { field, mine } = pair('a\r\nb\rc');
    expect(mine.toJSON()).toBe('a\nb\nc');
    expect(field.value).toBe('a\nb\nc');
  });

  it('lets go: after the end nothing moves in either direction', () => {
    const { field, stop, mine, theirs } = pair('a');
    stop();
    theirs.insert(0, 'x');
    field.type('y');
    expect(field.value).toBe('ay');
    expect(mine.toJSON()).toBe('xa');
  });

  it('field and both texts agree after any mixture of typing, composing and remote edits', () => {
    const step = fc.oneof(
      fc.record({
        who: fc.constant('me' as const),
        at: fc.nat(30),
        cut: fc.nat(4),
        text: fc.string({ maxLength: 4 })
      }),
      fc.record({ who: fc.constant('ime' as const), on: fc.boolean() }),
      fc.record({
        who: fc.constant('them' as const),
        at: fc.nat(30),
        cut: fc.nat(4),
        text: fc.string({ maxLength: 4 })
      })
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.array(step, { maxLength: 25 }), (initial, steps) => {
        const { field, mine, theirs } = pair(initial.replaceAll('\r', ''));
        let composing = false;
        for (const action of steps) {
          if (action.who === 'ime') {
            if (action.on !== composing)
              field.dispatchEvent(new Event(action.on ? 'compositionstart' : 'compositionend'));
            composing = action.on;
            continue;
          }
          const text = action.text.replaceAll('\r', '');
          if (action.who === 'me') {
            const start = Math.min(action.at, field.value.length);
            field.setSelectionRange(start, Math.min(field.value.length, start + action.cut));
            field.type(text);
          } else {
            const at = Math.min(action.at, theirs.length);
            theirs.delete(at, Math.min(action.cut, theirs.length - at));
            if (text !== '') theirs.insert(at, text);
          }
          if (!composing) expect(field.value).toBe(mine.toJSON());
          expect(field.selectionStart).toBeLessThanOrEqual(field.value.length);
        }
        if (composing) field.dispatchEvent(new Event('compositionend'));
        expect(field.value).toBe(mine.toJSON());
        expect(theirs.toJSON()).toBe(mine.toJSON());
      }),
      { numRuns: 300 }
    );
  });

  it('text that comes in right at the caret goes behind it', () => {
    expect(mapPosition(2, [{ retain: 2 }, { insert: 'xy' }])).toBe(2);
    expect(mapPosition(3, [{ retain: 2 }, { insert: 'xy' }])).toBe(5);
    expect(mapPosition(3, [{ delete: 5 }])).toBe(0);
  });
});

import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { TestEditor } from '#lib/canvas/editor/test-editor.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { attachTextOverlay } from './text-overlay.ts';

let editor: TestEditor;
let host: HTMLDivElement;
let field: HTMLTextAreaElement;
let detach: () => void;

beforeEach(() => {
  host = document.createElement('div');
  host.tabIndex = 0;
  field = document.createElement('textarea');
  host.append(field);
  document.body.append(host);
  editor = new TestEditor();
  detach = attachTextOverlay(field, host, editor);
  onTestFinished(() => {
    detach();
    host.remove();
  });
});

const stage = () => editor.stages[1] as StageId;
const lane = () => editor.lanes[0] as LaneId;
const nameOfStage = () => editor.journey.stages.find(({ id }) => id === stage())?.name;
const type = (text: string) => fireEvent.input(field, { target: { value: text } });
const cards = () => editor.journey.cards.map(({ text }) => text);

describe('a name that is typed', () => {
  it.each<[string, () => unknown]>([
    ['a press on the board', () => editor.finishEditing()],
    ['the focus going elsewhere', () => fireEvent.blur(field)],
    ['Enter', () => fireEvent.keyDown(field, { key: 'Enter' })],
    ['another text', () => editor.edit({ kind: 'lane', id: lane() })],
    ['leaving the board', () => detach()],
    ['the end of the editor', () => editor.destroy()]
  ])('is kept by %s', async (_how, leave) => {
    editor.edit({ kind: 'stage', id: stage() });
    await type('  Sign   up ');
    await Promise.resolve(leave());
    expect(nameOfStage()).toBe('Sign up');
  });

  it('is dropped by Escape, and by nothing else', async () => {
    editor.edit({ kind: 'stage', id: stage() });
    await type('Sign up');
    await fireEvent.keyDown(field, { key: 'Escape' });
    expect(nameOfStage()).toBe('S1');
    expect(editor.editing).toBeNull();
  });

  it('of a lane is kept too, in one step that undo takes back', async () => {
    editor.edit({ kind: 'lane', id: lane() });
    await type('Steps');
    editor.finishEditing();
    expect(editor.journey.lanes[0]?.name).toBe('Steps');
    editor.document.undo();
    expect(editor.journey.lanes[0]?.name).toBe('actions');
  });

  it('stays as it was when nothing is left of it', async () => {
    editor.edit({ kind: 'stage', id: stage() });
    await type('   ');
    editor.finishEditing();
    expect(nameOfStage()).toBe('S1');
  });
});

describe('letters that an input method still holds', () => {
  it('become the new card when the board is pressed', async () => {
    editor.draft({ lane: lane(), stage: stage() });
    await fireEvent.compositionStart(field);
    await type('にほん');
    expect(cards()).toEqual([]);
    editor.finishEditing();
    expect(cards()).toEqual(['にほん']);
  });

  it('stay on a card that was empty without them', async () => {
    const id = editor.card(1, 0, 'x');
    editor.edit({ kind: 'card', id });
    await type('');
    await fireEvent.compositionStart(field);
    await type('にほん');
    editor.finishEditing();
    expect(cards()).toEqual(['にほん']);
  });
});

it('a draft without a letter leaves no card', () => {
  editor.draft({ lane: lane(), stage: stage() });
  editor.finishEditing();
  expect(cards()).toEqual([]);
  expect(field.dataset.open).toBeUndefined();
});

import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openTestBoard, type TestBoard } from './test-board.ts';
import { listenToKeys } from './key-input.ts';
import { preferences } from './preferences.svelte.ts';

let board: TestBoard;
let root: HTMLDivElement;
const find = (id: string): HTMLElement => root.querySelector(`#${id}`) as HTMLElement;

beforeEach(() => {
  localStorage.clear();
  preferences.reload();
  board = openTestBoard();
  root = document.createElement('div');
  root.innerHTML = `
    <header data-region><input id="title" /></header>
    <div data-region><button id="tool">Hand</button></div>
    <main data-region>
      <div id="board" data-testid="board" data-region-entry tabindex="0"><textarea id="text"></textarea></div>
    </main>
    <aside data-region><button id="panel">Reset</button><input id="number" /></aside>
    <div role="dialog"><button id="dialog">Close</button></div>`;
  document.body.append(root);
  board.session.ui.mount(root);
  const stop = listenToKeys(root, board.session);
  onTestFinished(() => {
    stop();
    root.remove();
  });
});

const press = (id: string, key: string, init: KeyboardEventInit = {}) => {
  find(id).focus();
  return fireEvent.keyDown(find(id), { key, bubbles: true, cancelable: true, ...init });
};
const tool = () => board.session.editor.tool;

describe('letters', () => {
  it('choose a tool on the board and at its tools', async () => {
    await press('board', 'h');
    expect(tool()).toBe('hand');
    await press('tool', 'v');
    expect(tool()).toBe('select');
  });

  it('typed in the panel, a field, the title or a dialog do nothing to the map', async () => {
    const { editor } = board.session;
    editor.select({ kind: 'cell', lane: board.lane, stage: board.stage });
    for (const id of ['panel', 'number', 'title', 'dialog', 'text']) {
      await press(id, 'h');
      await press(id, 'n');
    }
    expect(tool()).toBe('select');
    expect(editor.editing).toBeNull();
    for (const id of ['number', 'title', 'dialog', 'text']) await press(id, 'Delete');
    expect(board.session.journey.stages.length).toBe(1);
  });

  it('of an input method that composes are not heard', async () => {
    await press('board', 'h', { isComposing: true });
    await press('board', 'Process');
    expect(tool()).toBe('select');
  });

  it('never fire with Ctrl, Alt or Cmd held', async () => {
    for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }])
      await press('board', 'h', held);
    expect(tool()).toBe('select');
  });

  it('Just type: a word typed in a cell starts a card, also where single letters are no shortcuts', async () => {
    preferences.singleKeys = false;
    await press('board', 'h');
    await press('board', '?');
    expect(tool()).toBe('select');
    expect(board.session.ui.dialog).toBeNull();
    board.session.editor.select({ kind: 'cell', lane: board.lane, stage: board.stage });
    await press('board', 'h');
    expect(board.session.editor.editing).toMatchObject({ kind: 'draft', text: 'h' });
  });

  it('stay switched off on this device', () => {
    preferences.singleKeys = false;
    preferences.reload();
    expect(preferences.singleKeys).toBe(false);
  });
});

describe('keys that work everywhere', () => {
  it('Mod+K opens the palette from a field, and nothing else opens behind a dialog', async () => {
    await press('number', 'k', { ctrlKey: true });
    expect(board.session.ui.dialog).toBe('palette');
    board.session.ui.close();
    await press('dialog', 'k', { ctrlKey: true });
    expect(board.session.ui.dialog).toBeNull();
  });

  it('F6 goes from part to part and back to where the focus was', async () => {
    find('number').focus();
    const visited: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      await fireEvent.keyDown(document.activeElement as Element, { key: 'F6', bubbles: true });
      visited.push(document.activeElement?.id ?? '');
    }
    expect(visited).toEqual(['title', 'tool', 'board', 'number']);
    await fireEvent.keyDown(find('number'), { key: 'F6', shiftKey: true, bubbles: true });
    expect(document.activeElement?.id).toBe('board');
  });

  it('Alt+R says what is selected, again and again', async () => {
    board.session.editor.select({ kind: 'stage', id: board.stage });
    await press('board', 'r', { altKey: true });
    const first = board.session.ui.spoken;
    expect(first).toContain('Stage Trial, 1 of 1');
    await press('board', 'r', { altKey: true });
    expect(board.session.ui.spoken.trim()).toBe(first);
    expect(board.session.ui.spoken).not.toBe(first);
  });
});

it('what a key has moved the selection to is said', async () => {
  await press('board', 'ArrowRight');
  expect(board.session.ui.spoken).toBe('Actions, Trial: empty.');
});

describe('the bar that finds, while its code is on its way', () => {
  it('gets what is typed, and the map does not', async () => {
    const { editor, ui, finding } = board.session;
    editor.select({ kind: 'cell', lane: board.lane, stage: board.stage });
    finding.look('before');
    await press('board', 'f', { ctrlKey: true });
    expect(ui.awaitsFind).toBe(true);
    for (const key of ['h', 'x', 'Backspace', 'i']) await press('board', key);
    expect(finding.query).toBe('hi');
    expect([tool(), editor.editing]).toEqual(['select', null]);
    // It has come, and takes its keys itself from then on.
    expect(ui.foundBar()).toBe(true);
    await press('board', 'q');
    expect(finding.query).toBe('hi');
  });

  it('closes again with Escape', async () => {
    await press('board', 'f', { ctrlKey: true });
    await press('board', 'Escape');
    expect([board.session.ui.finding, board.session.ui.awaitsFind]).toEqual([false, false]);
  });
});

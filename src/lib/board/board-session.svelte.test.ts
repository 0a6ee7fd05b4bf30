import { expect, test } from 'vitest';
import type { SaveState } from '#lib/protocol/save-state.ts';
import { openTestBoard as open } from './test-board.ts';

const CLOSED: SaveState = { kind: 'closed', code: 4413, reason: 'frame too big', changes: 0 };

test('A7: after a final close nobody writes into nothing; trying again gives the board back', () => {
  const { session, stage, lane, tell } = open();
  expect(session.canEdit).toBe(true);
  tell({ save: CLOSED });
  expect(session.canEdit).toBe(false);
  session.editor.draft({ stage, lane }, 'lost');
  expect(session.editor.editing).toBeNull();
  tell({ save: { kind: 'offline', changes: 0 } });
  expect(session.canEdit).toBe(true);
});

test('A7: what was being typed when the server closed is written, and closed', () => {
  const { session, stage, tell } = open();
  session.editor.edit({ kind: 'stage', id: stage });
  // As the text field does: it writes when it is told that the text closes.
  session.editor.subscribe((aspect) => {
    if (aspect === 'finishing' && session.editor.canEdit) session.document.renameStage(stage, 'Sign up');
  });
  tell({ save: CLOSED });
  expect(session.editor.editing).toBeNull();
  expect(session.journey.stages[0]?.name).toBe('Sign up');
});

test('A8: an editor whose unsent edits were refused reads what there is and writes no more', () => {
  const { session, tell } = open();
  tell({ role: 'viewer', save: { kind: 'refused', changes: 2 } });
  expect(session.canEdit).toBe(false);
  expect(session.canUndo).toBe(false);
});

import { expect, onTestFinished, test } from 'vitest';
import type { MapConnection } from '#lib/collab/types.ts';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { SaveState } from '#lib/protocol/save-state.ts';
import { BoardSession } from './board-session.svelte.ts';

/** A board on a connection that says what the test wants. */
const open = () => {
  const told: { save: SaveState; role: Role } = { save: { kind: 'saved' }, role: 'editor' };
  const listeners = new Set<() => void>();
  const connection: MapConnection = {
    get save() {
      return told.save;
    },
    get role() {
      return told.role;
    },
    synced: true,
    hasLocalCopy: false,
    loaded: true,
    me: null,
    others: new Map(),
    ready: Promise.resolve(),
    on: (_event, listener) => {
      listeners.add(listener as () => void);
      return () => listeners.delete(listener as () => void);
    },
    setCursor: () => undefined,
    setSelection: () => undefined,
    setEditing: () => undefined,
    reconnect: () => undefined,
    discardLocalCopy: async () => undefined,
    destroy: () => undefined
  };
  const document = JourneyDocument.blank();
  const stage = document.addStage({ name: 'Trial', index: 0 });
  const lane = document.addLane({ name: 'Actions', kind: 'actions', index: 0 });
  const session = new BoardSession({ document, connection });
  onTestFinished(() => session.destroy());
  return {
    session,
    stage,
    lane,
    tell: (next: Partial<typeof told>) => {
      Object.assign(told, next);
      for (const listener of listeners) listener();
    }
  };
};

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

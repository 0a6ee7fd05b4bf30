import { onTestFinished } from 'vitest';
import type { MapConnection } from '#lib/collab/types.ts';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { SaveState } from '#lib/protocol/save-state.ts';
import { BoardSession } from './board-session.svelte.ts';

interface Told {
  save: SaveState;
  role: Role;
}

export interface TestBoard {
  readonly session: BoardSession;
  readonly stage: StageId;
  readonly lane: LaneId;
  /** Has the connection say something else. */
  readonly tell: (next: Partial<Told>) => void;
}

/** For tests: a board of one stage and one lane, on a connection that says what the test wants. */
export function openTestBoard(document = JourneyDocument.blank()): TestBoard {
  const told: Told = { save: { kind: 'saved' }, role: 'editor' };
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
    damaged: false,
    others: new Map(),
    ready: Promise.resolve(),
    on: (_event, listener) => {
      listeners.add(listener as () => void);
      return () => listeners.delete(listener as () => void);
    },
    setCursor: () => undefined,
    setSelection: () => undefined,
    setEditing: () => undefined,
    setPresence: () => undefined,
    clientId: 1,
    reconnect: () => undefined,
    discardLocalCopy: async () => undefined,
    destroy: () => undefined
  };
  const stage = document.addStage({ name: 'Trial', index: 0 });
  const lane = document.addLane({ name: 'Actions', kind: 'actions', index: 0 });
  document.clearUndo();
  const session = new BoardSession({ document, connection });
  onTestFinished(() => session.destroy());
  return {
    session,
    stage,
    lane,
    tell: (next) => {
      Object.assign(told, next);
      for (const listener of listeners) listener();
    }
  };
}

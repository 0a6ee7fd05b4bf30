import type { Selection } from '#lib/canvas/editor/selection.ts';
import type { Anchor } from '#lib/journey/anchor.ts';

/** What a comment on the selection hangs on. */
export function anchorOf(selection: Selection): Anchor {
  switch (selection.kind) {
    case 'cards': {
      const [card] = selection.ids;
      return card === undefined ? { on: 'map' } : { on: 'card', card };
    }
    case 'cell':
      return { on: 'cell', lane: selection.lane, stage: selection.stage };
    case 'stage':
      return { on: 'stage', stage: selection.id };
    case 'objects': {
      const [object] = selection.ids;
      return object === undefined ? { on: 'map' } : { on: 'object', object };
    }
    case 'transition':
      return { on: 'stage', stage: selection.from };
    default:
      return { on: 'map' };
  }
}

/** What to select so that the board shows what a thread hangs on; null where the board has no such thing. */
export function selectionAt(anchor: Anchor): Selection | null {
  switch (anchor.on) {
    case 'card':
      return { kind: 'cards', ids: [anchor.card] };
    case 'cell':
      return { kind: 'cell', lane: anchor.lane, stage: anchor.stage };
    case 'stage':
      return { kind: 'stage', id: anchor.stage };
    case 'object':
      return { kind: 'objects', ids: [anchor.object], cards: [] };
    default:
      return null;
  }
}

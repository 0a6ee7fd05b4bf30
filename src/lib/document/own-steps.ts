import * as Y from 'yjs';

/**
 * Undo of one person's steps. Undoing the creation of a record that somebody else has written in since leaves the
 * record as it is: their words are not ours to take back (rule D12).
 */
export class OwnSteps {
  readonly #manager: Y.UndoManager;
  readonly #doc: Y.Doc;
  readonly #roots: ReadonlySet<unknown>;
  #undoing: readonly { readonly insertions: Parameters<typeof Y.isDeleted>[0] }[] = [];
  #shared = new Map<Y.Item, boolean>();
  #goBack: (() => void) | null = null;
  readonly #goingBack = new WeakMap<object, () => void>(); // by step of the manager's

  /** Asked before each step, undo and redo; what it answers is called when that has been taken back. */
  remember: (() => () => void) | null = null;

  constructor(doc: Y.Doc, roots: readonly Y.AbstractType<unknown>[], origin: unknown) {
    this.#doc = doc;
    this.#roots = new Set(roots);
    this.#manager = new Y.UndoManager([...roots], {
      trackedOrigins: new Set([origin]),
      captureTimeout: 500,
      deleteFilter: (item) => this.#mayDelete(item)
    });
    doc.on('beforeTransaction', (transaction) => {
      if (transaction.origin === origin || transaction.origin === this.#manager)
        this.#goBack = this.remember?.() ?? null;
    });
    this.#manager.on('stack-item-added', ({ stackItem }) => {
      if (this.#goBack !== null) this.#goingBack.set(stackItem, this.#goBack);
    });
    this.#manager.on('stack-item-popped', ({ stackItem }) => this.#goingBack.get(stackItem)?.());
  }

  undo(): void {
    this.#undoing = [...this.#manager.undoStack];
    this.#shared = new Map();
    this.#manager.undo();
    this.#undoing = [];
  }

  redo(): void {
    this.#manager.redo();
  }

  get canUndo(): boolean {
    return this.#manager.undoStack.length > 0;
  }

  get canRedo(): boolean {
    return this.#manager.redoStack.length > 0;
  }

  /** What comes next starts a step of its own. */
  endStep(): void {
    this.#manager.stopCapturing();
  }

  clear(): void {
    this.#manager.clear();
  }

  destroy(): void {
    this.#manager.destroy();
  }

  #mayDelete(item: Y.Item): boolean {
    // The manager takes a step from its stack before it works on it.
    const step = this.#undoing[this.#manager.undoStack.length];
    if (step === undefined) return true;
    const record = this.#recordOf(item);
    if (record === null || !Y.isDeleted(step.insertions, record.id)) return true;
    let shared = this.#shared.get(record);
    if (shared === undefined) {
      shared = holdsForeign(record, this.#doc.clientID);
      this.#shared.set(record, shared);
    }
    return !shared;
  }

  /** The item that holds the record which `item` is, or is part of. */
  #recordOf(item: Y.Item): Y.Item | null {
    let current: Y.Item | null = item;
    while (current !== null && !this.#roots.has(current.parent))
      current = current.parent instanceof Y.AbstractType ? current.parent._item : null;
    return current;
  }
}

/** True when somebody else's content lives in the shared type that `item` holds. */
function holdsForeign(item: Y.Item, own: number): boolean {
  const { content } = item;
  if (!(content instanceof Y.ContentType)) return false;
  const { _map, _start } = content.type as Y.AbstractType<unknown>;
  const foreign = (child: Y.Item): boolean =>
    !child.deleted && (child.id.client !== own || holdsForeign(child, own));
  for (const child of _map.values()) if (foreign(child)) return true;
  for (let child = _start; child !== null; child = child.right) if (foreign(child)) return true;
  return false;
}

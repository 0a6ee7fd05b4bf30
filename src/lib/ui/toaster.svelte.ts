/** A short message that goes away by itself. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'problem';
  /** One thing to do about it, for example Undo. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

type Message = Omit<Toast, 'id' | 'tone'> & {
  readonly tone?: Toast['tone'];
  /** Milliseconds it stays: by default 5,000, with an action 10,000. */
  readonly duration?: number;
};

/**
 * The messages on the screen. `<Toaster />` in the root layout draws them; anything that runs in the browser may
 * call `toaster.show`. At most three stand at once, the oldest goes first.
 */
class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;
  #timers = new Map<number, { left: number; since: number; handle: ReturnType<typeof setTimeout> }>();

  show(message: Message): number {
    const { text, action, tone = 'plain', duration = message.action ? 10_000 : 5_000 } = message;
    const id = this.#next++;
    this.list = [...this.list, { id, text, tone, action }].slice(-3);
    this.#start(id, duration);
    return id;
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id)?.handle);
    this.#timers.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** While the pointer or the focus is on the messages none of them leaves. */
  hold(): void {
    for (const timer of this.#timers.values()) {
      clearTimeout(timer.handle);
      timer.left -= Date.now() - timer.since;
    }
  }

  release(): void {
    for (const [id, timer] of this.#timers) this.#start(id, Math.max(timer.left, 1_000));
  }

  #start(id: number, left: number): void {
    clearTimeout(this.#timers.get(id)?.handle);
    this.#timers.set(id, { left, since: Date.now(), handle: setTimeout(() => this.dismiss(id), left) });
  }
}

export const toaster = new Toasts();

import { toaster } from './toaster.svelte.ts';

/** Code that comes when it is first wanted, so that the page can be used before. `module` is null until then. */
export class Lazy<T> {
  module = $state.raw<T | null>(null);
  readonly #load: () => Promise<T>;
  #coming: Promise<T | null> | null = null;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Fetches it for a person who waits for it; a failure is said, and the next call tries again. */
  async want(): Promise<T | null> {
    const module = await this.warm();
    if (module === null)
      toaster.show({ text: 'This part of the page could not be loaded. Try again.', tone: 'problem' });
    return module;
  }

  /** Fetches it ahead of its use, and says nothing when that fails. */
  warm(): Promise<T | null> {
    this.#coming ??= this.#load().then(
      (module) => (this.module = module),
      () => (this.#coming = null)
    );
    return this.#coming;
  }
}

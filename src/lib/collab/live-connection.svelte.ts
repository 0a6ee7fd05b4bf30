import { createSubscriber } from 'svelte/reactivity';
import type { MapConnection } from './types.ts';

/** A {@link MapConnection} whose properties may be read in components: they update by themselves. */
export class LiveConnection {
  readonly connection: MapConnection;
  readonly #subscribe: () => void;

  constructor(connection: MapConnection) {
    this.connection = connection;
    this.#subscribe = createSubscriber((update) => connection.on('change', update));
  }

  get save() {
    this.#subscribe();
    return this.connection.save;
  }

  get synced() {
    this.#subscribe();
    return this.connection.synced;
  }

  get loaded() {
    this.#subscribe();
    return this.connection.loaded;
  }

  get role() {
    this.#subscribe();
    return this.connection.role;
  }

  get me() {
    this.#subscribe();
    return this.connection.me;
  }

  get others() {
    this.#subscribe();
    return this.connection.others;
  }
}

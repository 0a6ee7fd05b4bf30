import type * as Y from 'yjs';
import type { ViewId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { rankAt } from '#lib/journey/order.ts';
import type { SavedView } from '#lib/journey/views.ts';
import type { Steps } from './decision-commands.ts';
import type { YRecord } from './layout.ts';
import { newId } from './new-id.ts';
import { viewFields, viewRecord } from './write.ts';

/** What a view keeps beside its name. */
export type Seen = Omit<SavedView, 'id' | 'rank' | 'name'>;

/** Commands on saved views. Each is one undoable step; on a view that somebody else has removed they do nothing. */
export class ViewCommands {
  readonly #views: Y.Map<YRecord>;
  readonly #run: Steps;

  constructor(views: Y.Map<YRecord>, run: Steps) {
    this.#views = views;
    this.#run = run;
  }

  /** Keeps a view at the end of the list; null when no more fit on the map. */
  add(name: string, seen: Seen): ViewId | null {
    const { views } = this.#run.journey();
    if (this.#views.size >= LIMITS.views) return null;
    const id = newId<ViewId>();
    const rank = rankAt(views, views.length);
    this.#run.step(() =>
      this.#views.set(id, viewRecord({ ...seen, id, rank, name: name.slice(0, LIMITS.name) }))
    );
    return id;
  }

  rename(id: ViewId, name: string): void {
    this.#run.step(() => this.#views.get(id)?.set('name', name.slice(0, LIMITS.name)));
  }

  /** What is seen now takes the place of what the view has kept. Its name and its link stay. */
  update(id: ViewId, seen: Seen): void {
    this.#run.step(() => {
      const view = this.#views.get(id);
      for (const [field, value] of Object.entries(viewFields(seen)))
        if (value === null) view?.delete(field);
        else view?.set(field, value);
    });
  }

  remove(id: ViewId): void {
    this.#run.step(() => this.#views.delete(id));
  }
}

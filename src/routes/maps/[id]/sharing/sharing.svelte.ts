import type { Role } from '#lib/protocol/roles.ts';
import { inDays } from './role-words.ts';
import type { LinkRole, LinkShown, SharingState, Visibility } from '#lib/protocol/sharing.ts';

/** What a new link asks for, as it was filled in. */
export interface LinkWish {
  readonly role: LinkRole;
  readonly days: number | null;
  readonly password: string | null;
  readonly usesLimit: number | null;
}

/** An address that opens something. It is shown once, since only its hash is kept. */
export interface Fresh {
  readonly id: string;
  readonly kind: 'link' | 'invitation';
  readonly address: string;
  readonly words: string;
  readonly copied: boolean;
}

const UNREACHED = 'The server could not be reached. Nothing was changed; try again.';

/** Who may open a map, and every change to that; one at a time. */
export class Sharing {
  readonly #mapId: string;
  state = $state.raw<SharingState | null>(null);
  problem = $state('');
  busy = $state(false);
  fresh = $state.raw<Fresh | null>(null);

  constructor(mapId: string) {
    this.#mapId = mapId;
  }

  async load(): Promise<void> {
    const state = await this.#ask('GET', 'sharing');
    if (state) this.state = (await state.json()) as SharingState;
  }

  setVisibility(visibility: Visibility): Promise<boolean> {
    return this.#change('PATCH', 'sharing', { visibility });
  }

  async createLink({ role, days, password, usesLimit }: LinkWish): Promise<boolean> {
    const expiresAt = days === null ? null : inDays(days);
    const made = await this.#ask('POST', 'links', { role, expiresAt, password, usesLimit });
    if (!made) return false;
    const { id, url } = (await made.json()) as LinkShown & { url: string };
    await this.#show({ id, kind: 'link', address: url, words: '' });
    await this.load();
    return true;
  }

  async replaceLink(id: string): Promise<void> {
    const made = await this.#ask('PATCH', `links/${id}`, { rotate: true });
    if (!made) return;
    const { url } = (await made.json()) as { url: string };
    await this.#show({
      id,
      kind: 'link',
      address: url,
      words: 'The old address opens nothing any more; those who are in stay in.'
    });
  }

  async endLink(id: string): Promise<void> {
    if ((await this.#change('DELETE', `links/${id}`)) && this.fresh?.id === id) this.fresh = null;
  }

  async invite(email: string, role: LinkRole): Promise<boolean> {
    const made = await this.#ask('POST', 'invitations', { email, role });
    if (!made) return false;
    const { id, url } = (await made.json()) as { id: string; url: string };
    const words = `Send it to ${email.trim()}. It works once, for that address, for seven days.`;
    await this.#show({ id, kind: 'invitation', address: url, words });
    await this.load();
    return true;
  }

  async withdraw(id: string): Promise<void> {
    if ((await this.#change('DELETE', `invitations/${id}`)) && this.fresh?.id === id) this.fresh = null;
  }

  setRole(person: string, role: Role, password = ''): Promise<boolean> {
    return this.#change('PATCH', `people/${person}`, { role, password });
  }

  remove(person: string): Promise<boolean> {
    return this.#change('DELETE', `people/${person}`);
  }

  async copy(): Promise<void> {
    if (this.fresh) await this.#show(this.fresh);
  }

  async #show(fresh: Omit<Fresh, 'copied'>): Promise<void> {
    let copied = true;
    try {
      await navigator.clipboard.writeText(fresh.address);
    } catch {
      copied = false; // no clipboard on this device: the field is there to copy from
    }
    this.fresh = { ...fresh, copied };
  }

  async #change(method: string, path: string, body?: object): Promise<boolean> {
    const changed = await this.#ask(method, path, body);
    // Also after a refusal: what is shown may be older than what is so.
    const { problem } = this;
    await this.load();
    this.problem = problem;
    return changed !== null;
  }

  async #ask(method: string, path: string, body?: object): Promise<Response | null> {
    this.busy = true;
    this.problem = '';
    try {
      const response = await fetch(`/api/v1/maps/${this.#mapId}/${path}`, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
      });
      if (response.ok) return response;
      const { detail, errors } = (await response.json()) as {
        detail: string;
        errors: readonly { readonly message: string }[];
      };
      this.problem = errors[0]?.message ?? detail;
    } catch {
      this.problem = UNREACHED;
    } finally {
      this.busy = false;
    }
    return null;
  }
}

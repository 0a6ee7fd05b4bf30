import type * as Y from 'yjs';
import {
  BARE_FACETS,
  isEvidenceUrl,
  tagKey,
  tidyTag,
  type CardFacets,
  type EvidenceLink,
  type PlainFacet
} from '#lib/journey/card-facets.ts';
import type { CardId, LinkId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { rankAt } from '#lib/journey/order.ts';
import type { Steps } from './decision-commands.ts';
import { LINK_PREFIX, TAG_PREFIX, type YRecord } from './layout.ts';
import { newId } from './new-id.ts';
import { readCard } from './read-card.ts';

/** Commands on what cards say besides their text. Each is one undo step for all the cards it is given. */
export class CardCommands {
  readonly #cards: Y.Map<YRecord>;
  readonly #run: Steps;

  constructor(cards: Y.Map<YRecord>, run: Steps) {
    this.#cards = cards;
    this.#run = run;
  }

  /** Sets one facet of cards; null (of the owner: an empty name) unsets it. */
  set<F extends PlainFacet>(ids: readonly CardId[], facet: F, value: CardFacets[F]): void {
    this.#run.step(() => this.#set(ids, facet, value));
  }

  /** Sets the owner while the name is being typed: letters in a row are one step. */
  typeOwner(ids: readonly CardId[], owner: string): void {
    this.#run.typing(() => this.#set(ids, 'owner', owner.slice(0, LIMITS.name)));
  }

  /** Adds a tag where it is not yet and fits. Answers the cards that took it. */
  addTag(ids: readonly CardId[], tag: string): CardId[] {
    const label = tidyTag(tag);
    if (label === '') return [];
    const key = tagKey(label);
    const taking = ids.filter((id) => {
      const tags = this.#facetsOf(id)?.tags;
      return (
        tags !== undefined && tags.length < LIMITS.cardTags && !tags.some((other) => tagKey(other) === key)
      );
    });
    if (taking.length > 0)
      this.#run.step(() => taking.forEach((id) => this.#cards.get(id)?.set(TAG_PREFIX + key, label)));
    return taking;
  }

  removeTag(ids: readonly CardId[], tag: string): void {
    const key = TAG_PREFIX + tagKey(tag);
    this.#run.step(() => ids.forEach((id) => this.#cards.get(id)?.delete(key)));
  }

  /** Adds a link at the end; null when the address may not be linked, the card is gone or full. */
  addLink(id: CardId, link: { url: string; title?: string }): LinkId | null {
    const links = this.#facetsOf(id)?.links;
    if (links === undefined || links.length >= LIMITS.cardLinks || !isEvidenceUrl(link.url)) return null;
    const linkId = newId<LinkId>();
    const title = (link.title ?? '').trim().slice(0, LIMITS.title);
    this.#run.step(() =>
      this.#cards
        .get(id)
        ?.set(LINK_PREFIX + linkId, { url: link.url, title, rank: rankAt(links, links.length) })
    );
    return linkId;
  }

  /** Changes a link that is there. False when the new address may not be linked. */
  setLink(id: CardId, link: LinkId, change: Partial<Pick<EvidenceLink, 'url' | 'title'>>): boolean {
    if (change.url !== undefined && !isEvidenceUrl(change.url)) return false;
    const before = this.#facetsOf(id)?.links.find((other) => other.id === link);
    if (before === undefined) return false;
    const { url, title, rank } = { ...before, ...change };
    this.#run.step(() =>
      this.#cards.get(id)?.set(LINK_PREFIX + link, { url, title: title.slice(0, LIMITS.title), rank })
    );
    return true;
  }

  removeLink(id: CardId, link: LinkId): void {
    this.#run.step(() => this.#cards.get(id)?.delete(LINK_PREFIX + link));
  }

  #facetsOf(id: CardId): CardFacets | undefined {
    return readCard(id, this.#cards.get(id))?.facets;
  }

  #set<F extends PlainFacet>(ids: readonly CardId[], facet: F, value: CardFacets[F]): void {
    for (const id of ids) {
      const card = this.#cards.get(id);
      if (card === undefined) continue;
      if (value === null || value === BARE_FACETS[facet]) card.delete(facet);
      else card.set(facet, typeof value === 'object' ? { ...value } : value);
    }
  }
}

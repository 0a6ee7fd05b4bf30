import {
  BARE_FACETS,
  CARD_COLORS,
  CHANNELS,
  CONFIDENCES,
  MEDIA,
  OWNERSHIPS,
  PHASES,
  SENTIMENTS,
  SEVERITIES,
  isEvidenceUrl,
  tagKey,
  tagList,
  type CardFacets,
  type EvidenceLink,
  type Sentiment
} from '#lib/journey/card-facets.ts';
import { isRecordId, type CardId, type LaneId, type LinkId, type StageId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { byRank } from '#lib/journey/order.ts';
import type { Card } from '#lib/journey/records.ts';
import { LINK_PREFIX, TAG_PREFIX, type YRecord } from './layout.ts';
import { isObject, line, oneOf, rank, record, text } from './read-values.ts';

export function readCard(id: string, value: unknown): Card | null {
  if (!record(id, value)) return null;
  return {
    id: id as CardId,
    stage: text(value.get('stage')) as StageId,
    lane: text(value.get('lane')) as LaneId,
    rank: rank(value.get('rank')),
    text: text(value.get('text'), '', LIMITS.cardText),
    facets: readFacets(value)
  };
}

const PLACE_FIELDS = new Set(['stage', 'lane', 'rank', 'text']);

/** A link as it is stored under `link:<id>`; null when it cannot be read or must not be opened. */
function readLink(key: string, value: unknown): EvidenceLink | null {
  const id = key.slice(LINK_PREFIX.length);
  if (!isRecordId(id) || !isObject(value)) return null;
  const { url, title } = value;
  if (typeof url !== 'string' || !isEvidenceUrl(url)) return null;
  return {
    id: id as LinkId,
    url,
    title: typeof title === 'string' ? title.slice(0, LIMITS.title) : '',
    rank: rank(value.rank)
  };
}

function readSentiment(value: unknown): Sentiment | null {
  if (!isObject(value)) return null;
  const kind = oneOf(SENTIMENTS, value.kind);
  const severity = SEVERITIES.find((step) => step === value.severity);
  return kind === null ? null : { kind, severity: severity ?? 2 };
}

/** What a card's record says besides place and text; {@link BARE_FACETS} itself when that is nothing. */
function readFacets(card: YRecord): CardFacets {
  let bare = true;
  const tags: string[] = [];
  const links: EvidenceLink[] = [];
  card.forEach((value, key) => {
    if (PLACE_FIELDS.has(key)) return;
    bare = false;
    if (key.startsWith(TAG_PREFIX)) {
      if (typeof value === 'string' && TAG_PREFIX + tagKey(value) === key) tags.push(value);
    } else if (key.startsWith(LINK_PREFIX)) {
      const link = readLink(key, value);
      if (link !== null) links.push(link);
    }
  });
  if (bare) return BARE_FACETS;
  return {
    color: oneOf(CARD_COLORS, card.get('color')),
    tags: tagList(tags),
    links: links.sort(byRank).slice(0, LIMITS.cardLinks),
    channel: oneOf(CHANNELS, card.get('channel')),
    medium: oneOf(MEDIA, card.get('medium')),
    ownership: oneOf(OWNERSHIPS, card.get('ownership')),
    phase: oneOf(PHASES, card.get('phase')),
    sentiment: readSentiment(card.get('sentiment')),
    confidence: oneOf(CONFIDENCES, card.get('confidence')),
    owner: line(card.get('owner'))
  };
}

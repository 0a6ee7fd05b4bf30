import type {
  CardColor,
  CardFacets,
  Channel,
  Confidence,
  Medium,
  Ownership,
  Phase,
  Sentiment
} from './card-facets.ts';

/** What the values of facets are called on the screen. */
export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  web: 'Website',
  app: 'App',
  email: 'E-mail',
  phone: 'Phone',
  chat: 'Chat',
  store: 'Store',
  post: 'Post',
  social: 'Social media',
  ad: 'Advert',
  event: 'Event',
  other: 'Other'
};
export const MEDIUM_WORDS: Readonly<Record<Medium, string>> = { online: 'Online', offline: 'Offline' };
export const OWNERSHIP_WORDS: Readonly<Record<Ownership, string>> = { owned: 'Owned', unowned: 'Unowned' };
export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  'pre-purchase': 'Pre-purchase',
  purchase: 'Purchase',
  'post-purchase': 'Post-purchase'
};
export const SENTIMENT_WORDS: Readonly<Record<Sentiment['kind'], string>> = {
  pain: 'Pain',
  delight: 'Delight'
};
export const SEVERITY_WORDS = { 1: 'a little', 2: 'clear', 3: 'very strong' } as const;
export const CONFIDENCE_WORDS: Readonly<Record<Confidence, string>> = {
  guessed: 'Guessed',
  'partly-backed': 'Partly backed',
  measured: 'Measured'
};
export const COLOR_WORDS: Readonly<Record<CardColor, string>> = {
  red: 'Red',
  orange: 'Orange',
  yellow: 'Yellow',
  green: 'Green',
  teal: 'Teal',
  blue: 'Blue',
  purple: 'Purple',
  pink: 'Pink',
  gray: 'Gray'
};

/** Everything that a card says besides its text, in words; for those who do not see its badges. Empty for nothing. */
export function facetsInWords(facets: CardFacets): string {
  const { channel, medium, ownership, phase, sentiment, confidence, owner, tags, links } = facets;
  const words = [
    channel && CHANNEL_WORDS[channel],
    medium && MEDIUM_WORDS[medium],
    ownership && OWNERSHIP_WORDS[ownership],
    phase && PHASE_WORDS[phase],
    sentiment && `${SENTIMENT_WORDS[sentiment.kind]}, ${SEVERITY_WORDS[sentiment.severity]}`,
    confidence && CONFIDENCE_WORDS[confidence],
    owner && `Owner: ${owner}`,
    tags.length > 0 && `Tags: ${tags.join(', ')}`,
    links.length > 0 && `${links.length} evidence ${links.length === 1 ? 'link' : 'links'}`
  ].filter((word) => typeof word === 'string' && word !== '');
  return words.length === 0 ? '' : `${words.join('. ')}.`;
}

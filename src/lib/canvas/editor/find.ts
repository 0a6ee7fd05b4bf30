import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { STAGE_TEXTS, type Card, type Journey } from '#lib/journey/records.ts';
import { centreOf } from '../geometry/space.ts';
import { toBoard } from '../geometry/camera.ts';
import { screenPoint } from '../geometry/space.ts';
import type { Editor } from './editor.ts';
import { rectsOfSelection } from './selecting.ts';
import type { Selection } from './selection.ts';

/** Something of the map that holds the words looked for. */
export type Match =
  | { readonly kind: 'stage'; readonly id: StageId }
  | { readonly kind: 'lane'; readonly id: LaneId }
  | { readonly kind: 'card'; readonly id: CardId };

const MARKS = /\p{M}/gu;

/** Text as it is compared: without case and without accents. */
const plain = (text: string): string => text.normalize('NFD').replace(MARKS, '').toLowerCase();

const textOf = ({ text, facets }: Card): string =>
  [text, ...facets.tags, facets.owner, ...facets.links.flatMap(({ title, url }) => [title, url])].join('\n');

const plainTexts = new WeakMap<Card, string>();

/** Kept for as long as the card is the same: a search goes on while others write. */
function plainOf(card: Card): string {
  let text = plainTexts.get(card);
  if (text === undefined) {
    text = plain(textOf(card));
    plainTexts.set(card, text);
  }
  return text;
}

/**
 * Everything that holds all the words of a query, in board order: stages (names and long texts), lanes, then cards (texts,
 * tags, owners, links). Case and accents don't count. Nothing for an empty query.
 */
export function findOnMap({ stages, lanes, cards }: Journey, query: string): readonly Match[] {
  const words = plain(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const among = (content: string) => words.every((word) => content.includes(word));
  const holds = (text: string) => among(plain(text));
  return [
    ...stages
      .filter((stage) => holds([stage.name, ...STAGE_TEXTS.map((field) => stage[field])].join('\n')))
      .map(({ id }): Match => ({ kind: 'stage', id })),
    ...lanes.filter(({ name }) => holds(name)).map(({ id }): Match => ({ kind: 'lane', id })),
    ...cards.filter((card) => among(plainOf(card))).map(({ id }): Match => ({ kind: 'card', id }))
  ];
}

/** The ids of the cards among matches. */
export const cardsAmong = (matches: readonly Match[]): ReadonlySet<string> =>
  new Set(matches.flatMap(({ kind, id }) => (kind === 'card' ? [id] : [])));

const selectionOf = (match: Match): Selection =>
  match.kind === 'card' ? { kind: 'cards', ids: [match.id] } : match;

/** Selects a match and brings it into view, out of folded stages and lanes and in spite of the filter. */
export function goToMatch(editor: Editor, match: Match): void {
  const card = match.kind === 'card' ? editor.journey.cards.find(({ id }) => id === match.id) : undefined;
  const around = card === undefined ? [match.id] : [card.stage, card.lane];
  const { look } = editor;
  if (around.some((id) => look.folded.has(id as StageId)))
    editor.look = {
      ...look,
      folded: new Set([...look.folded].filter((id) => !around.some((other) => other === id)))
    };
  editor.select(selectionOf(match));
  editor.revealSelection();
}

/** Where a search begins: at the first card at or below the middle of the view, else at the first match. */
export function nearestMatch(editor: Editor, matches: readonly Match[]): number {
  const { layout, camera, frame } = editor;
  const { body } = frame;
  const middle = toBoard(camera, screenPoint(body.x + body.width / 2, body.y + body.height / 2));
  let best = 0;
  let least = Infinity;
  matches.forEach((match, index) => {
    const [rect] = rectsOfSelection(layout, editor.objects, selectionOf(match));
    if (match.kind !== 'card' || rect === undefined) return;
    const { x, y } = centreOf(rect);
    const away = Math.hypot(x - middle.x, y - middle.y);
    if (away < least) [best, least] = [index, away];
  });
  return best;
}

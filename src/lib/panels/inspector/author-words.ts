import type { Selection } from '#lib/canvas/editor/selection.ts';
import { AUTHORED_AT_MOST, type Author, type Authored, type Deed } from '#lib/collab/authors.ts';
import { cellKey, transitionKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { timeAgo } from '#lib/ui/time-ago.ts';

/** The things of a selection whose authors can be asked for: records, and the numbers of a cell or an arrow. */
export function thingsOf(selection: Selection, { cards, metrics }: Journey): readonly string[] {
  const all = (): readonly string[] => {
    switch (selection.kind) {
      case 'none':
        return [];
      case 'cards':
        return selection.ids.map((id) => `cards/${id}`);
      case 'objects':
        return [...selection.ids.map((id) => `objects/${id}`), ...selection.cards.map((id) => `cards/${id}`)];
      case 'stage':
        return [`stages/${selection.id}`];
      case 'lane':
        return [`lanes/${selection.id}`];
      case 'transition':
        return [`metrics/${transitionKey(selection.from, selection.to)}`];
      case 'cell': {
        const { lane, stage } = selection;
        const numbers = (['cost', 'feeling'] as const).map((metric) => cellKey(lane, stage, metric));
        return [
          ...numbers.filter((key) => metrics.has(key)).map((key) => `metrics/${key}`),
          ...cards.filter((card) => card.lane === lane && card.stage === stage).map(({ id }) => `cards/${id}`)
        ];
      }
    }
  };
  return all().slice(0, AUTHORED_AT_MOST);
}

/** What somebody is called; `me`: the id of whoever reads it. */
export function authorName({ id, name, guest, gone }: Author, me?: string): string {
  if (id === me) return name === null ? 'You' : `${name} (you)`;
  if (gone) return 'Somebody who has left';
  if (name === null) return 'A guest without a name';
  return guest ? `${name} (guest)` : name;
}

/** The names that are no names begin small inside a sentence. */
const inside = (name: string): string =>
  /^(Somebody who has left|A guest without a name|You)$/.test(name)
    ? name.charAt(0).toLowerCase() + name.slice(1)
    : name;

function deedWords({ from, by, at }: Deed, now: number, me?: string): string {
  const when = at === null ? '' : `, ${timeAgo(new Date(at), now)}`;
  switch (from) {
    case 'person':
      return `by ${inside(authorName(by, me))}${when}`;
    case 'server':
      return `by the server${when}`;
    case 'start':
      return `with the map${when}`;
  }
}

const isSame = (a: Deed, b: Deed): boolean => a.from === b.from && a.by?.id === b.by?.id && a.at === b.at;

const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** Who wrote these things, and when, in a sentence or two; '' for nothing. `now` is in ms since 1970. */
export function authoredWords(authored: readonly Authored[], now: number, me?: string): string {
  const [first, ...others] = authored;
  if (first === undefined) return '';
  const newest = authored
    .map(({ changed }) => changed)
    .reduce((a, b) => (Date.parse(b.at ?? '') > Date.parse(a.at ?? '') || a.at === null ? b : a));
  const last = `Last changed ${deedWords(newest, now, me)}.`;
  if (others.length === 0) {
    const made = first.made.from === 'start' ? 'Came' : 'Put here';
    const told = `${made} ${deedWords(first.made, now, me)}.`;
    return isSame(first.made, first.changed) ? told : `${told} ${last}`;
  }
  const people = new Map(authored.flatMap((one) => one.people.map((person) => [person.id, person])));
  if (people.size === 0) return `All of it ${deedWords(newest, now, me).replace(/^with/, 'came with')}.`;
  const names = [...people.values()].map((person) => inside(authorName(person, me)));
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : names;
  return `Written by ${list.format(shown)}. ${last}`;
}

import type { CommentPerson } from '#lib/collab/comments.ts';

/** Ids of the people whose names stand in the text behind an @. The longest name that fits counts. */
export function mentionedIn(text: string, people: readonly CommentPerson[]): readonly string[] {
  const named = people.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length);
  const found = new Set<string>();
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const rest = text.slice(at + 1);
    const person = named.find(
      ({ name }) => rest.startsWith(name) && !/^[\p{L}\p{N}]/u.test(rest.slice(name.length))
    );
    if (person) found.add(person.id);
  }
  return [...found];
}

/** The name that is being typed behind the last @ before the caret; null when none is. */
export function nameAt(
  text: string,
  caret: number
): { readonly from: number; readonly typed: string } | null {
  const from = text.lastIndexOf('@', caret - 1);
  if (from === -1 || (from > 0 && /[\p{L}\p{N}]/u.test(text.charAt(from - 1)))) return null;
  const typed = text.slice(from + 1, caret);
  return /^[^\n@]{0,30}$/.test(typed) ? { from, typed } : null;
}

import { authoredWords, thingsOf } from '#lib/panels/inspector/author-words.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { BoardSession } from './board-session.svelte.ts';

/** Says who wrote what is selected, and when. */
export async function sayWhoWrote(session: BoardSession): Promise<void> {
  const things = thingsOf(session.selection, session.journey);
  const authored = things.length === 0 ? [] : ((await session.authors?.of(things)) ?? null);
  const text =
    authored === null
      ? 'Who wrote this can’t be told without the server.'
      : authoredWords(authored, Date.now(), session.me?.id) || 'Nobody has written here yet.';
  toaster.show({ text, duration: 8_000 });
}

import { describe, expect, test } from 'vitest';
import { CommentsProblem, type CommentsClient, type Thread } from '#lib/collab/comments.ts';
import { anchorText, parseAnchor } from '#lib/journey/anchor.ts';
import { mentionedIn, nameAt } from './mentions.ts';
import { Talk } from './talk.svelte.ts';
import { decisionOn, marksOf, nextUnread, passesFilter, THREAD_FILTERS } from './threads.ts';

const people = ['Ann', 'Ann Lee', 'Zoë', ''].map((name, index) => ({ id: `p${index}`, name, guest: false }));

describe('names behind an @', () => {
  test.each([
    ['@Ann Lee, look', ['p1']],
    ['@Ann look', ['p0']],
    ['@Anna', []],
    ['mail@Zoë and (@Zoë)', ['p2']],
    ['@', []],
    ['@Ann @Zoë @Ann', ['p0', 'p2']]
  ])('%j names %j', (text, ids) => {
    expect(mentionedIn(text, people)).toEqual(ids);
  });

  test.each([
    ['Hi @An', 6, { from: 3, typed: 'An' }],
    ['Hi @An', 4, { from: 3, typed: '' }],
    ['mail@An', 7, null],
    ['@Ann\nmore', 9, null],
    ['', 0, null]
  ])('%j with the caret at %i completes %j', (text, caret, expected) => {
    expect(nameAt(text, caret)).toEqual(expected);
  });
});

test.each(['map', 'stage/s1', 'card/c-1', 'cell/l1/s1', 'opportunity/o', 'object/x', 'point/-4/900'])(
  'the anchor %s is written as it was read',
  (text) => {
    const anchor = parseAnchor(text);
    expect(anchor && anchorText(anchor)).toBe(text);
  }
);

test('the newest decision stands', () => {
  const said = (verdict: 'approve' | 'decline' | null, createdAt: string) => ({ verdict, createdAt });
  const threads = [
    { comments: [said('decline', '2026-03-01'), said(null, '2026-04-01')] },
    { comments: [said('approve', '2026-02-01')] }
  ] as unknown as Thread[];
  expect(decisionOn(threads)?.verdict).toBe('decline');
  expect(decisionOn([])).toBeNull();
});

describe('the list', () => {
  const thread = (id: string, over: Partial<Thread> = {}): Thread => ({
    id,
    anchor: 'card/c1',
    about: 'A card',
    createdAt: '2026-01-01T00:00:00.000Z',
    resolvedAt: null,
    resolvedBy: null,
    unread: false,
    comments: [],
    ...over
  });
  const client = (list: CommentsClient['list']): CommentsClient => {
    const never = () => Promise.reject(new Error('not asked for'));
    return {
      list,
      people: () => Promise.resolve([]),
      begin: never,
      reply: never,
      edit: never,
      remove: never,
      resolve: never,
      react: never,
      see: never
    };
  };

  test('is asked for once more, and not more often, when it changed while it was fetched', async () => {
    let asked = 0;
    const open: (() => void)[] = [];
    const talk = new Talk(
      client(async () => {
        const number = ++asked;
        await new Promise<void>((resolve) => open.push(resolve));
        return [thread(`t${number}`)];
      })
    );
    const first = talk.refresh();
    await Promise.all([talk.refresh(), talk.refresh(), talk.refresh()]);
    open[0]?.();
    await expect.poll(() => open.length).toBe(2);
    open[1]?.();
    await first;
    expect(asked).toBe(2);
    expect(talk.threads.map(({ id }) => id)).toEqual(['t2']);
    expect(talk.state).toBe('ready');
  });

  test('that cannot be fetched says why, and keeps what was read before', async () => {
    let fails = true;
    const talk = new Talk(
      client(() => (fails ? Promise.reject(new CommentsProblem('Away.')) : Promise.resolve([thread('t')])))
    );
    await talk.refresh();
    expect([talk.state, talk.problem]).toEqual(['failed', 'Away.']);
    fails = false;
    await talk.refresh();
    fails = true;
    await talk.refresh();
    expect([talk.state, talk.problem, talk.threads.length]).toEqual(['ready', 'Away.', 1]);
  });

  test('marks what has open threads, and what of them is new', async () => {
    const threads = [
      thread('a', { unread: true }),
      thread('b'),
      thread('c', { anchor: 'map', resolvedAt: '2026-01-02T00:00:00.000Z', unread: true })
    ];
    const talk = new Talk(client(() => Promise.resolve(threads)));
    await talk.refresh();
    expect([...marksOf(talk.threads)]).toEqual([['card/c1', { open: 2, unread: true }]]);
    expect(talk.unread).toBe(1);
  });
});

describe('going through what is new', () => {
  const list = (...unread: readonly boolean[]) =>
    unread.map((one, index) => ({ id: `t${index}`, unread: one, resolvedAt: null })) as unknown as Thread[];

  test('goes on from the thread that was opened, round at both ends', () => {
    const threads = list(false, true, false, true);
    expect(nextUnread(threads, '', 1)).toBe('t1');
    expect(nextUnread(threads, 't1', 1)).toBe('t3');
    expect(nextUnread(threads, 't3', 1)).toBe('t1');
    expect(nextUnread(threads, 't1', -1)).toBe('t3');
    expect(nextUnread(threads, '', -1)).toBe('t3');
    expect(nextUnread(list(false, true), 't1', 1)).toBe('t1');
    expect(nextUnread(list(false), '', 1)).toBeNull();
    expect(nextUnread([], '', -1)).toBeNull();
  });

  test('each filter keeps its threads, by person too', () => {
    const said = (author: string, mentions: readonly string[] = []) => ({ author: { id: author }, mentions });
    const thread = (resolvedAt: string | null, ...comments: unknown[]) =>
      ({ resolvedAt, comments }) as unknown as Thread;
    const threads = [
      thread(null, said('me'), said('ann')),
      thread(null, said('ann', ['me'])),
      thread('2026-01-01', said('bob'), said('me'))
    ];
    const passing = (person: string) =>
      THREAD_FILTERS.map((filter) =>
        threads.flatMap((one, index) => (passesFilter(one, filter, 'me', person) ? [index] : []))
      );
    expect(passing('')).toEqual([[0, 1], [0, 2], [1], [2]]);
    expect(passing('ann')).toEqual([[0, 1], [0], [1], []]);
  });
});

import type { VersionInfo } from './client.ts';

const timeOf = (at: string): string =>
  new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });

/** The day of a version, for the heading above it. */
export const dayOf = (at: string): string =>
  new Date(at).toLocaleDateString(undefined, {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric'
  });

/** What a version is called: its name, or when and how it came to be. */
export function titleOf({ name, kind, at }: VersionInfo): string {
  if (name !== null) return `“${name}”`;
  switch (kind) {
    case 'created':
      return 'the first state';
    case 'restored':
      return `the state of ${timeOf(at)}, after going back`;
    case 'named':
    case 'automatic':
      return `the state of ${timeOf(at)}`;
  }
}

/** The same as a heading of its own. */
export const headingOf = (version: VersionInfo): string =>
  version.name ?? titleOf(version).replace(/^the (.)/, (_all, letter: string) => letter.toUpperCase());

const named = (person: { readonly name: string | null }): string => person.name ?? 'Somebody without a name';

/** When, and whose work it holds: "14:05, Ann and Ben". */
export function bylineOf({ at, by, people }: VersionInfo): string {
  const names = [...new Set([...people, ...(people.length === 0 && by !== null ? [by] : [])].map(named))];
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : names;
  const list = new Intl.ListFormat('en', { type: 'conjunction' }).format(shown);
  return [timeOf(at), list].filter((part) => part !== '').join(', ');
}

/** Versions under the days on which they were kept, in their order. */
export function byDay(
  versions: readonly VersionInfo[]
): readonly { readonly day: string; readonly versions: readonly VersionInfo[] }[] {
  const days: { day: string; versions: VersionInfo[] }[] = [];
  for (const version of versions) {
    const day = dayOf(version.at);
    const last = days.at(-1);
    if (last?.day === day) last.versions.push(version);
    else days.push({ day, versions: [version] });
  }
  return days;
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_556_952_000],
  ['month', 2_629_746_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000]
];

const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "yesterday", "3 hours ago"; under a minute, and for clocks that disagree a little, "just now". `now` is in ms since 1970. */
export const timeAgo = (date: Date, now: number): string => {
  const passed = now - date.getTime();
  for (const [unit, length] of UNITS)
    if (passed >= length) return format.format(-Math.floor(passed / length), unit);
  return 'just now';
};

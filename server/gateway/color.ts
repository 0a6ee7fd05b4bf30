/** Readable on paper and on ink, told apart by people with the usual colour blindness as far as twelve colours can be. */
const COLORS = [
  '#b3261e',
  '#a6510c',
  '#8a6d00',
  '#4f7a1c',
  '#1b7f4d',
  '#0b7a75',
  '#1769aa',
  '#3451b2',
  '#5b3fb5',
  '#86389e',
  '#a92a6b',
  '#6b5443'
] as const;

/** The same person has the same colour on every map and every device. */
export const colorOf = (userId: string): string => {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[hash % COLORS.length] ?? COLORS[0];
};

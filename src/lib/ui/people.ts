/** Background colours for initials; white text reaches 4.5:1 on each, in both themes. */
const COLORS = [
  '#1F6F8B',
  '#7A5EA8',
  '#B3402E',
  '#2B7A50',
  '#8F5B00',
  '#A8477F',
  '#3F6FB5',
  '#5B6B7D'
] as const;

/** One or two letters for a name: first letters of its first and last word; '?' for a person without a name. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return (
    letters
      .map((word) => [...(word ?? '')][0] ?? '')
      .join('')
      .toLocaleUpperCase() || '?'
  );
};

/** The same colour for the same key (a person's id) wherever they appear. */
export const colorOf = (key: string): string => {
  let hash = 0;
  for (const letter of key) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[hash % COLORS.length] ?? COLORS[0];
};

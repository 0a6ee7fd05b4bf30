/** A file name for a map: its title in letters, digits and hyphens, at most 80 characters, `.json`. */
export const fileName = (title: string): string => {
  const words = title
    .toLocaleLowerCase('en')
    .replace(/[^\p{Letter}\p{Mark}\p{Number}]+/gu, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');
  return `${words || 'map'}.json`;
};

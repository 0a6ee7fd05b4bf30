/**
 * Text as both databases keep it: without NUL and lone surrogates, which Postgres refuses and SQLite may cut at.
 * Every text from outside goes through here before it reaches a statement, values to look for included.
 */
export const storable = (text: string): string => text.replace(/\p{Surrogate}/gu, '').replaceAll('\0', '');

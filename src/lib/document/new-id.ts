const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A fresh record id: 14 characters, 83 bits. */
export function newId<T extends string>(): T {
  const bytes = crypto.getRandomValues(new Uint8Array(14));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('') as T;
}

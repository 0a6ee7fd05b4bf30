/** Somebody who wrote on a map, as the server knows them. */
export interface Author {
  readonly id: string;
  /** Null: a guest without a name, or an account that is gone. */
  readonly name: string | null;
  readonly guest: boolean;
  /** The account does not exist any more. */
  readonly gone: boolean;
}

/** Whose doing something was: a person's, the server's own, or it came with the map when the map was made. */
export type Deed =
  | { readonly from: 'person'; readonly by: Author; readonly at: string | null }
  | { readonly from: 'server' | 'start'; readonly by: null; readonly at: string | null };

/** Who wrote one thing on the map, and when: ISO 8601, to the minute; null where it was not noted. */
export interface Authored {
  /** As it was asked for: `cards/<id>`, `metrics/<number>`. */
  readonly of: string;
  /** Who put it there. */
  readonly made: Deed;
  /** The newest of what is in it now. */
  readonly changed: Deed;
  /** Everybody of whom something is in it now. */
  readonly people: readonly Author[];
}

/** Who put the cards of a map there: card ids by account id. Cards that no person put there are missing. */
export interface CardAuthors {
  readonly people: readonly Author[];
  readonly cards: Readonly<Record<string, readonly string[]>>;
}

/** As many things can be asked about at once. */
export const AUTHORED_AT_MOST = 50;

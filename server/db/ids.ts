/** A person's id: account or guest. A v4 UUID. */
export type UserId = string & { readonly __user: unique symbol };

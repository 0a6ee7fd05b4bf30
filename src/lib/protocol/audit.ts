/** What the audit names; one row is written for each time it happens. */
export const AUDIT_ACTIONS = [
  'signed in',
  'sign-in failed',
  'signed out',
  'signed out everywhere',
  'account made',
  'account deleted',
  'password changed',
  'password reset',
  'reset offered',
  'token made',
  'token removed',
  'map made',
  'map exported',
  'version exported',
  'map trashed',
  'map restored',
  'map deleted',
  'version restored',
  'visibility changed',
  'link made',
  'link replaced',
  'link ended',
  'link used',
  'link refused',
  'invited',
  'invitation ended',
  'invitation accepted',
  'invitation refused',
  'role changed',
  'owner changed',
  'person removed',
  'person left',
  'decision',
  'comment removed'
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Somebody the audit names. Null as a name: the account is gone. */
export interface AuditPerson {
  readonly id: string;
  readonly name: string | null;
  readonly guest: boolean;
}

/** One row: who did what, and whom or what it concerned. Nothing in it opens anything. */
export interface AuditRow {
  readonly seq: number; // 1, 2, 3 ... over the whole server
  readonly at: string; // ISO 8601
  readonly action: AuditAction;
  readonly by: AuditPerson | null; // null: a stranger, or the operator
  readonly person: AuditPerson | null; // whom it concerned, where it was another person
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditPage {
  readonly rows: readonly AuditRow[]; // newest first
  readonly next: string | null;
}

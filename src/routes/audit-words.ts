import type { AuditAction, AuditRow } from '#lib/protocol/audit.ts';

const WORDS: Readonly<Record<AuditAction, string>> = {
  'signed in': 'signed in',
  'sign-in failed': 'gave a wrong password',
  'signed out': 'signed out',
  'signed out everywhere': 'signed out on every device',
  'account made': 'made an account',
  'account deleted': 'deleted their account',
  'password changed': 'changed their password',
  'password reset': 'set a new password by a one-time link',
  'reset offered': 'made a one-time link to a new password',
  'token made': 'made an API token',
  'token removed': 'removed an API token',
  'map made': 'made the map',
  'map exported': 'downloaded the map as a file',
  'version exported': 'downloaded an earlier version as a file',
  'map trashed': 'moved the map to the trash',
  'map restored': 'took the map out of the trash',
  'map deleted': 'deleted the map for good',
  'version restored': 'went back to an earlier version',
  'visibility changed': 'changed who can open the map',
  'link made': 'made a link',
  'link replaced': 'gave a link a new address',
  'link ended': 'ended a link',
  'link used': 'came in by a link',
  'link refused': 'was refused at a link',
  invited: 'invited somebody',
  'invitation ended': 'took an invitation back',
  'invitation accepted': 'accepted an invitation',
  'invitation refused': 'was refused at an invitation',
  'role changed': 'changed what somebody may do',
  'owner changed': 'passed the map on',
  'person removed': 'removed somebody',
  'person left': 'left the map',
  decision: 'decided on an opportunity or a suggestion',
  'comment removed': 'removed a comment'
};

/** What was done, as the end of a sentence that begins with who did it. */
export const auditWords = ({ action }: AuditRow): string => WORDS[action];

/** The particulars of a row worth a person's while, such as a role. Ids are left to programs. */
export const auditParticulars = ({ detail }: AuditRow): readonly string[] =>
  ['role', 'verdict', 'visibility', 'reason'].flatMap((name) => {
    const value = detail[name];
    return value === undefined || value === null ? [] : [String(value)];
  });

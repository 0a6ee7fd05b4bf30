import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { problem } from '#lib/protocol/problem.ts';
import { LINK_LIMITS, LINK_ROLES, VISIBILITIES } from '#lib/protocol/sharing.ts';
import type { SharingRefusal } from '../../../../server/sharing.ts';

const linkRole = v.picklist(LINK_ROLES, `This must be one of: ${LINK_ROLES.join(', ')}.`);
const password = v.pipe(v.string('This must be text.'), v.maxLength(1024, 'That is too long.'));
const USES = `This must be a whole number from 1 to ${LINK_LIMITS.uses}.`;

export const visibilitySchema = v.strictObject({
  visibility: v.picklist(VISIBILITIES, `This must be one of: ${VISIBILITIES.join(', ')}.`)
});
export const linkSchema = v.strictObject({
  role: linkRole,
  expiresAt: v.optional(
    v.nullable(
      v.pipe(
        v.string('This must be a time.'),
        v.isoTimestamp('This must be a time such as 2026-01-31T12:00:00Z.'),
        v.transform((text) => new Date(text))
      )
    ),
    null
  ),
  password: v.optional(v.nullable(password), null),
  usesLimit: v.optional(
    v.nullable(
      v.pipe(v.number(USES), v.integer(USES), v.minValue(1, USES), v.maxValue(LINK_LIMITS.uses, USES))
    ),
    null
  )
});
export const rotateSchema = v.strictObject({ rotate: v.literal(true, 'This must be true.') });
export const invitationSchema = v.strictObject({
  email: v.pipe(v.string('This must be an e-mail address.'), v.maxLength(1024, 'That is too long.')),
  role: linkRole
});
export const roleSchema = v.strictObject({
  role: v.picklist(['owner', ...LINK_ROLES], `This must be one of: owner, ${LINK_ROLES.join(', ')}.`),
  password: v.optional(password, '')
});
export const transferSchema = v.strictObject({
  to: v.string('This must be the id of somebody on the map.'),
  password: v.optional(password, '')
});

const REFUSED: Readonly<Record<SharingRefusal, readonly [status: number, path?: string, message?: string]>> =
  {
    login: [401],
    unknown: [404],
    gone: [404],
    forbidden: [403],
    'last-owner': [409, '', 'A map always has an owner: make somebody else one first.'],
    guest: [422, '', 'A guest cannot own a map they did not make: their browser may forget them.'],
    email: [422, '/email', 'That is not an e-mail address.'],
    'link-password': [422, '/password', 'A link’s password has 8 to 256 characters.'],
    expiry: [422, '/expiresAt', 'That moment has passed already.'],
    wrong: [403, '/password', 'That is not your password.'],
    throttled: [429, '/password', 'Too many tries. Wait a while, then try again.'],
    'other-account': [403, '', 'This invitation is for another address.']
  };

/** The answer to somebody whose wish was not granted; nothing was changed. */
export function refusedSharing({ reason }: { readonly reason: SharingRefusal }): Response {
  const [status, path, message] = REFUSED[reason];
  if (path === undefined || message === undefined) return problem(status);
  return problem(status, message, [{ path, code: `E_${reason.replace('-', '_').toUpperCase()}`, message }]);
}

/** Where a link or an invitation is opened: its secret is in the path, and on no page's Referer. */
export const addressOf = ({ url, locals }: RequestEvent, kind: 's' | 'i', token: string): string =>
  `${locals.app.config.origin ?? url.origin}/${kind}/${token}`;

export const noContent = (): Response =>
  new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });

/** Holds an invitation's token while somebody signs in or up. */
export const INVITATION_COOKIE = 'meander_invitation';
export const INVITATION_SECONDS = 3600;

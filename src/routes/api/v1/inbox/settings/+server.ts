import { bodyOf, inboxSettingsSchema } from '../../comment-requests.ts';
import { answer, caller } from '../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** What the caller is told of, and how often by mail. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  return answer(await event.locals.app.inbox.settings(who.principal));
};

export const PATCH: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const body = await bodyOf(event.request, inboxSettingsSchema);
  if ('refused' in body) return body.refused;
  const { muted, digest } = body.value;
  const { inbox } = event.locals.app;
  await inbox.change(who.principal, {
    ...(muted === undefined ? {} : { muted }),
    ...(digest === undefined ? {} : { digest })
  });
  return answer(await inbox.settings(who.principal));
};

import { listed, pageOf } from '../../../comment-requests.ts';
import { answer, caller, refused } from '../../../requests.ts';
import type { RequestHandler } from './$types.ts';

/** Who did what on the map, newest first; for its owners. */
export const GET: RequestHandler = (event) =>
  listed(async () => {
    const who = await caller(event);
    if ('refused' in who) return who.refused;
    const page = pageOf(event.url, 100);
    if ('refused' in page) return page.refused;
    const rows = await event.locals.app.audit.ofMap(who.principal, event.params.id, page);
    return rows.ok ? answer(rows.value) : refused(rows);
  });

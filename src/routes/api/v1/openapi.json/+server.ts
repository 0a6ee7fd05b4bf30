import { json } from '@sveltejs/kit';
import { openApi } from '../openapi.ts';
import type { RequestHandler } from './$types.ts';

/** What the API offers, as OpenAPI 3.1. Open to everybody: it says nothing of anybody's maps. */
export const GET: RequestHandler = ({ url }) => json(openApi(url.origin));

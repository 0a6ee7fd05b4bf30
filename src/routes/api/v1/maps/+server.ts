import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile, pointerOf, type FileProblem, type MapFile } from '#lib/journey/file.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { PRESET_IDS } from '#lib/journey/presets.ts';
import { PICTURE_SENTENCES } from '#lib/protocol/pictures.ts';
import { problem, type ProblemDetail } from '#lib/protocol/problem.ts';
import { impossible } from '#lib/scenarios/invalid.ts';
import type { Principal } from '../../../../../server/access/principal.ts';
import type { MapSource } from '../../../../../server/maps.ts';
import type { RequestHandler } from './$types.ts';
import { tooManyMaps, waitForMap } from '../../../new-map.ts';
import { answer, badCursor, caller, pageSchema, readBody, readQuery } from '../requests.ts';

const UNKNOWN_PICTURE = `${PICTURE_SENTENCES.E_PICTURE_UNKNOWN} A file names pictures and does not hold them; nothing was stored.`;

const listSchema = v.object({
  ...pageSchema.entries,
  trashed: v.optional(v.picklist(['true', 'false'], 'This must be true or false.'), 'false')
});

/** The caller's maps, newest edit first. */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const asked = readQuery(event.url.searchParams, listSchema);
  if ('refused' in asked) return asked.refused;
  const { trashed, ...page } = asked.output;
  const listed = await badCursor(() =>
    event.locals.app.maps.list(who.principal.userId, { ...page, trashed: trashed === 'true' })
  );
  if (listed instanceof Response) return listed;
  return answer({
    maps: listed.maps.map(({ people, ...map }) => ({
      ...map,
      url: `${event.url.origin}/maps/${map.id}`,
      people: people.map(({ name, guest }) => ({ name, guest }))
    })),
    next: listed.next
  });
};

const presetSchema = v.strictObject({
  preset: v.picklist(PRESET_IDS, `This must be one of: ${PRESET_IDS.join(', ')}.`),
  title: v.optional(
    v.pipe(
      v.string('This must be text.'),
      v.maxLength(LIMITS.title, `This may be ${LIMITS.title} characters long.`)
    )
  )
});

type Source = { readonly source: MapSource } | { readonly errors: readonly ProblemDetail[] };

function readSource(body: unknown): Source {
  const fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : null;
  if (fields === null)
    return {
      errors: [{ path: '', code: 'E_TYPE', message: 'The body must be an object with "preset" or "map".' }]
    };
  if (fields.includes('map')) {
    const unknown = fields.filter((field) => field !== 'map');
    if (unknown.length > 0)
      return {
        errors: unknown.map((field) => ({
          path: `/${field}`,
          code: 'E_UNKNOWN_FIELD',
          message: `"${field}" does not go beside "map".`
        }))
      };
    return readFile((body as { map: unknown }).map);
  }
  const parsed = v.safeParse(presetSchema, body);
  if (!parsed.success)
    return {
      errors: parsed.issues.map((issue) => {
        const field = v.getDotPath(issue) ?? '';
        const unknown = issue.type === 'strict_object' && issue.expected === 'never';
        const missing = issue.received === 'undefined';
        return {
          path: `/${field}`,
          code: unknown
            ? 'E_UNKNOWN_FIELD'
            : missing
              ? 'E_MISSING'
              : field === 'preset'
                ? 'E_ENUM'
                : 'E_TOO_LONG',
          message: unknown
            ? `"${field}" is not a field here.`
            : missing
              ? 'Name a preset, or give a "map".'
              : issue.message
        };
      })
    };
  const { preset, title } = parsed.output;
  return { source: title === undefined ? { preset } : { preset, title } };
}

function readFile(input: unknown): Source {
  const parsed = parseMapFile(input, '/map');
  if (!parsed.ok) return { errors: parsed.problems.map((one: FileProblem) => ({ ...one })) };
  const errors = meaningProblems(parsed.file);
  return errors.length > 0 ? { errors } : { source: { file: parsed.file } };
}

/** What is wrong with numbers that are each within range: shares over 100%, a cycle that nobody ever leaves. */
const meaningProblems = (file: MapFile): ProblemDetail[] =>
  impossible(journeyOf(file)).map(({ key, code, message }) => ({
    path: key === null ? '/map' : pointerOf(file, key, '/map'),
    code,
    message
  }));

/** Pictures stand in a file by their hash: those that are on no map which the caller may read cannot be brought along. */
async function missingPictures(
  { locals }: RequestEvent,
  by: Principal,
  source: MapSource
): Promise<ProblemDetail[]> {
  const objects = 'file' in source ? (source.file.objects ?? []) : [];
  const hashes = objects.flatMap((object) => (object.kind === 'image' ? [object.hash] : []));
  const unknown = await locals.app.pictures.unknown(by, hashes);
  return objects.flatMap((object, index) =>
    object.kind === 'image' && unknown.has(object.hash)
      ? [{ path: `/map/objects/${index}/hash`, code: 'E_PICTURE_UNKNOWN', message: UNKNOWN_PICTURE }]
      : []
  );
}

/** Makes a map from `{"preset": ...}` or `{"map": <map file>}`. */
export const POST: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const read = await readBody(event.request);
  if ('refused' in read) return read.refused;
  const asked = readSource(read.body);
  if ('errors' in asked) return problem(422, undefined, asked.errors);
  const missing = await missingPictures(event, who.principal, asked.source);
  if (missing.length > 0) return problem(422, undefined, missing);
  const wait = await waitForMap(event, who.principal.userId);
  if (wait !== null) return problem(429, tooManyMaps(wait), [], { 'retry-after': String(wait) });
  const id = await event.locals.app.maps.create(who.principal.userId, asked.source);
  const url = `${event.url.origin}/maps/${id}`;
  return answer({ id, url }, 201, { location: `/api/v1/maps/${id}` });
};

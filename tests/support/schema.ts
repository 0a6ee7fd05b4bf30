import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { mapFileSchema } from '#lib/journey/file-schema.ts';
import { MAP_FORMAT } from '#lib/journey/map-format.ts';

const path = fileURLToPath(new URL('../../static/schema/meander-map-1.json', import.meta.url));

/** The JSON Schema of the map file, made from the schema that validates. Ids' and references' rules are not in it. */
export const generatedSchema = (): string =>
  `${JSON.stringify(
    {
      $id: 'urn:meander:map-file:1',
      title: `Meander map file, format ${MAP_FORMAT}`,
      ...toJsonSchema(mapFileSchema, { errorMode: 'ignore', typeMode: 'input' })
    },
    null,
    2
  )}\n`;

export const storedSchema = (): string => readFileSync(path, 'utf8');

// `npm run schema` writes the file anew.
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path, generatedSchema());

import * as v from 'valibot';
import { DEFAULT_PRESET, EXAMPLE_IDS, EXAMPLES, PRESET_IDS, PRESETS } from '#lib/journey/presets.ts';

/** What the pages show of a preset; its texts stay on the server. */
export interface PresetChoice {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly stages: readonly string[];
  readonly chosen: boolean;
}

export const presetChoices = (): PresetChoice[] =>
  PRESETS.map(({ id, name, summary, stages }) => ({
    id,
    name,
    summary,
    stages: stages.map((stage) => stage.name),
    chosen: id === DEFAULT_PRESET
  }));

export const exampleChoices = (): { id: string; name: string; summary: string }[] =>
  EXAMPLES.map(({ id, name, summary }) => ({ id, name, summary }));

/** A form's choice of start; none means the default. */
export const presetField = v.optional(
  v.picklist(PRESET_IDS, 'There is no such start. Choose one from the list.'),
  DEFAULT_PRESET
);
export const exampleField = v.optional(
  v.picklist(EXAMPLE_IDS, 'There is no such example. Choose one from the list.'),
  EXAMPLE_IDS[0]
);

/** A form field's text, or undefined when the form had none (a file is not text). */
export const textOf = (form: FormData, name: string): string | undefined => {
  const value = form.get(name);
  return typeof value === 'string' ? value : undefined;
};

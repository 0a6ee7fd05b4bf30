import * as v from 'valibot';

/** A person's name as a form sends it. */
export const personName = v.pipe(
  v.string('Write your name.'),
  v.trim(),
  v.nonEmpty('Write your name, so that others see who is on the map.'),
  v.maxLength(60, 'A name has at most 60 characters.')
);

/** What to say when the server refuses a name that passed {@link personName}. */
export const NAME_REFUSED = 'That name cannot be used. Write one of 1 to 60 visible characters.';

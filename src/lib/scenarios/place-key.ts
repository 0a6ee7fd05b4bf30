import type { Place } from '#lib/clv/model.ts';

/** One place of the engine as a key of maps. */
export const placeKey = (place: Place): string => JSON.stringify(Object.entries(place).sort());

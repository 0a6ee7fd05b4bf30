/** The first field of a map file. On its own, so that writing one does not bring the schema that reads them. */
export const MAP_FORMAT = 'meander-map/1';

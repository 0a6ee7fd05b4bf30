/** No piece of a body came for too long. */
export class Pause extends Error {}

/** The pieces of a body; throws {@link Pause} when one does not come in time, so that a slow sender holds nothing for ever. */
export async function* withoutPauses(
  body: AsyncIterable<Uint8Array>,
  ms: number
): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  for (;;) {
    let limit: NodeJS.Timeout | undefined;
    const pause = new Promise<never>((_, reject) => {
      limit = setTimeout(() => reject(new Pause()), ms);
    });
    try {
      const next = await Promise.race([pieces.next(), pause]);
      if (next.done) return;
      yield next.value;
    } finally {
      clearTimeout(limit);
    }
  }
}

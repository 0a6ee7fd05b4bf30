/** Runs `work` once the page has nothing more urgent to do, half a second at the latest; the answer calls it off. */
export function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const asked = requestIdleCallback(work, { timeout: 500 });
    return () => cancelIdleCallback(asked);
  }
  const timer = setTimeout(work, 100);
  return () => clearTimeout(timer);
}

/**
 * Counts up by one in tasks of their own, so that what is long to draw comes part by part and the page answers in between.
 * Use it while a component is made; it ends with the component.
 *
 * @param parts how far to count
 */
export function turns(parts: number): { readonly now: number } {
  let now = $state(0);
  $effect(() => {
    if (now >= parts) return;
    const timer = setTimeout(() => (now += 1));
    return () => clearTimeout(timer);
  });
  return {
    get now() {
      return now;
    }
  };
}

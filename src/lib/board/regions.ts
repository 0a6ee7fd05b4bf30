const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])';

const isShown = (element: HTMLElement): boolean =>
  element.closest('[hidden], [inert]') === null &&
  (element.checkVisibility?.({ visibilityProperty: true }) ?? true);

const lastFocus = new WeakMap<Element, HTMLElement>();

/**
 * Moves the focus to the next part of the page (`by` 1) or the one before (-1), round and round, to where it was there
 * last. Parts are the elements with `data-region` in their order on the page. False when there is nowhere to go.
 */
export function goToRegion(root: HTMLElement, by: 1 | -1): boolean {
  const regions = [...root.querySelectorAll<HTMLElement>('[data-region]')].filter(isShown);
  if (regions.length === 0) return false;
  const { activeElement } = document;
  const at = regions.findIndex((region) => region.contains(activeElement));
  const from = at === -1 ? (by === 1 ? -1 : 0) : at;
  if (at !== -1 && activeElement instanceof HTMLElement) lastFocus.set(regions[at] as Element, activeElement);
  for (let step = 1; step <= regions.length; step += 1) {
    const region = regions[(from + by * step + regions.length * step) % regions.length];
    const target = region === undefined ? null : entryOf(region);
    if (target === null) continue;
    target.focus();
    return true;
  }
  return false;
}

function entryOf(region: HTMLElement): HTMLElement | null {
  const last = lastFocus.get(region);
  if (last !== undefined && region.contains(last) && isShown(last)) return last;
  const wanted = region.querySelector<HTMLElement>('[data-region-entry]');
  if (wanted !== null) return wanted;
  return [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find(isShown) ?? null;
}

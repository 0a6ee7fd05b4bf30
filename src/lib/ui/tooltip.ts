import type { Attachment } from 'svelte/attachments';

const DELAY = 400; // ms before the first one; the next control along shows its own at once
const GRACE = 300;
const GAP = 6;

let bubble: HTMLElement | null = null;
let shownFor: HTMLElement | null = null;
let hiddenAt = 0;

const hide = (): void => {
  if (!bubble?.isConnected) return;
  bubble.remove();
  shownFor = null;
  hiddenAt = Date.now();
};

const show = (anchor: HTMLElement, text: string, keys: string | undefined): void => {
  bubble ??= Object.assign(document.createElement('div'), { className: 'tooltip' });
  bubble.setAttribute('aria-hidden', 'true'); // the control's own name says the same
  bubble.textContent = text;
  if (keys) bubble.append(Object.assign(document.createElement('kbd'), { textContent: keys }));
  // Inside a dialog's top layer the body would be underneath.
  (anchor.closest('dialog, [popover]') ?? document.body).append(bubble);
  shownFor = anchor;

  const at = anchor.getBoundingClientRect();
  const own = bubble.getBoundingClientRect();
  const left = at.left + at.width / 2 - own.width / 2;
  const below = at.bottom + GAP;
  const top = below + own.height > innerHeight - GAP ? at.top - GAP - own.height : below;
  bubble.style.left = `${Math.max(GAP, Math.min(left, innerWidth - own.width - GAP))}px`;
  bubble.style.top = `${top}px`;
};

/**
 * Names a control on hover and on keyboard focus: `<button aria-label="Undo" {@attach tooltip('Undo', 'Ctrl+Z')}>`.
 * One bubble for the whole page; Escape and a press take it away.
 */
export const tooltip =
  (text: string, keys?: string): Attachment<HTMLElement> =>
  (anchor) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      const soon = Date.now() - hiddenAt < GRACE;
      timer = setTimeout(() => anchor.isConnected && show(anchor, text, keys), soon ? 0 : DELAY);
    };
    const stop = (): void => {
      clearTimeout(timer);
      if (shownFor === anchor) hide();
    };
    const listeners: [keyof HTMLElementEventMap, (event: Event) => void][] = [
      ['pointerenter', (event) => (event as PointerEvent).pointerType !== 'touch' && wait()],
      ['pointerleave', stop],
      ['pointerdown', stop],
      ['focus', () => anchor.matches(':focus-visible') && show(anchor, text, keys)],
      ['blur', stop],
      ['keydown', (event) => (event as KeyboardEvent).key === 'Escape' && stop()]
    ];
    for (const [type, listener] of listeners) anchor.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of listeners) anchor.removeEventListener(type, listener);
      stop();
    };
  };

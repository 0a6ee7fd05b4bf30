import type { BoardSession } from './board-session.svelte.ts';
import { pressAnywhere, pressKey } from './commands/press.ts';
import { describeSelection } from './describe.ts';
import { isMac } from './keys.ts';

/** The map in words: its table, and the list of its free objects. */
const OUTLINE = '[role="grid"], [data-testid="objects"]';

const isField = (target: Element) =>
  target.matches('input, textarea, select, [contenteditable]:not([contenteditable="false"])');

/** True while a dialog or a menu has the focus: what is behind it hears nothing. */
const isModal = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;

/** True when a key belongs to what has the focus rather than to the board. */
function belongsElsewhere(event: KeyboardEvent, root: HTMLElement): boolean {
  const { target } = event;
  if (!(target instanceof Element) || target === document.body) return false;
  if (isField(target)) return true;
  if (target.closest('[role="dialog"], [role="menu"], [role="tablist"], [role="separator"]')) return true;
  const onBoard = target.closest(`[data-testid="board"], ${OUTLINE}`) !== null;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  // Letters typed beside the board, at a button of the panel, are not meant for the map.
  const printed = plain && event.key.length === 1 && event.key !== '?';
  if (printed && target.closest('aside, header') !== null) return true;
  // A focused button keeps the keys that work it; the tools' letters are free all over the board.
  if (!onBoard && plain && /^(Enter|Tab| |Arrow|Delete|Backspace|Home|End)/.test(event.key)) return true;
  return !onBoard && !root.contains(target);
}

/** A key pressed while the bar that finds is on its way: it goes to its field. False when it is none for a field. */
function typeAhead({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, { ui, finding }: BoardSession): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  const before = ui.typedAhead ? finding.query : '';
  if (key === 'Escape') ui.stopFinding();
  else if (key === 'Backspace') finding.look(before.slice(0, -1));
  else if ([...key].length === 1) finding.look(before + key);
  ui.typedAhead = ui.awaitsFind;
  return true;
}

/**
 * Hands keys to the registry of commands, and Space to the hand for as long as it is held. Nothing fires while a text
 * field has the focus or an input method composes.
 */
export function listenToKeys(root: HTMLElement, session: BoardSession): () => void {
  const stops = new AbortController();
  const { signal } = stops;
  const mac = isMac();
  const { editor } = session;

  const onDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.key === 'Process') return;
    if (isModal(event)) return;
    if (session.ui.awaitsFind && typeAhead(event, session)) return event.preventDefault();
    if (pressAnywhere(event, session, mac)) return event.preventDefault();
    if (belongsElsewhere(event, root)) return;
    if (event.key === ' ' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      editor.holdHand(true);
      event.preventDefault();
      return;
    }
    // Tab is the board's only while it has the focus and a cell: everybody else may walk through the page.
    const onGrid =
      event.target instanceof Element && event.target.closest('[data-testid="board"], [role="grid"]');
    if (event.key === 'Tab' && onGrid === null) return;
    const before = session.selection;
    if (!pressKey(event, session, mac)) return;
    event.preventDefault();
    // In the table the focus itself tells where it went.
    const told = document.activeElement?.closest(OUTLINE) !== null;
    if (!told && session.selection !== before) session.ui.speak(describeSelection(session));
  };
  window.addEventListener('keydown', onDown, { signal });
  window.addEventListener('keyup', (event) => event.key === ' ' && editor.holdHand(false), { signal });
  window.addEventListener('blur', () => editor.holdHand(false), { signal });
  return () => stops.abort();
}

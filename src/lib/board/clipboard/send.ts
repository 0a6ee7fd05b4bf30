import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { BoardSession } from '../board-session.svelte.ts';

/** Copies or cuts what is selected, for a menu: the browser then sends its event. */
export const sendCopy = (how: 'copy' | 'cut'): void => {
  document.execCommand(how);
};

/** Pastes for a menu: the browser may ask the person first. */
export async function sendPaste(session: BoardSession): Promise<void> {
  try {
    const forms = { fragment: '', html: '', text: '' };
    for (const item of await navigator.clipboard.read())
      for (const [type, form] of [
        ['text/html', 'html'],
        ['text/plain', 'text']
      ] as const)
        if (item.types.includes(type)) forms[form] = await (await item.getType(type)).text();
    const { pasteForms } = await import('./listen.ts');
    await pasteForms(session, forms, false);
  } catch {
    toaster.show({ text: 'The browser keeps the clipboard from menus. Press Ctrl or Cmd + V instead.' });
  }
}

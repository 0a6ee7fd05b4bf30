import type { JourneyDocument } from '#lib/document/journey-document.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';

/** Says what was just done and offers to take it back until this person's next step, which undo would take back instead. */
export function offerUndo(document: JourneyDocument, text: string): void {
  const id = toaster.show({ text, action: { label: 'Undo', run: () => document.undo() } });
  const stop = document.onChange(({ local }) => {
    if (!local) return;
    stop();
    toaster.dismiss(id);
  });
}

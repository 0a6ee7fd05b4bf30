import { toaster } from '#lib/ui/toaster.svelte.ts';
import { preferences, type WheelMode } from './preferences.svelte.ts';

/** Says once what the wheel was taken for, where that may surprise, and offers the other way. */
export function sayWheel(mode: WheelMode): void {
  if (mode === 'trackpad') return;
  toaster.show({
    text: 'The wheel zooms at the pointer. Space and a drag move the board.',
    action: { label: 'Let it scroll', run: () => (preferences.wheel = 'trackpad') }
  });
}

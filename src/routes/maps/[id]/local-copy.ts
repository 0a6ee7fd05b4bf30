import { fileOf } from '#lib/journey/file-convert.ts';
import type { Journey } from '#lib/journey/records.ts';
import { fileName } from './file-name.ts';

/** A map as it is on this device, as the file that the start page opens. */
export const localCopy = (journey: Journey): File =>
  new File([JSON.stringify(fileOf(journey), null, 2)], fileName(journey.title), { type: 'application/json' });

/** Hands a file to the browser's downloads. */
export function saveFile(file: File): void {
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: address, download: file.name }).click();
  // Some browsers read the address only after the click has ended.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

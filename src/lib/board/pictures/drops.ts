import { toBoard } from '#lib/canvas/geometry/camera.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { placeOn } from '../pointer-input.ts';
import { bringPictures } from './bring.ts';

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
const holdsAddress = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('text/uri-list') ?? false;

/**
 * Pictures that are dropped on the board are put where they fall. A file that falls beside it does nothing: the browser
 * would leave the map and open the file.
 */
export function listenToDrops(host: HTMLElement, session: BoardSession): () => void {
  const stops = new AbortController();
  const { signal } = stops;
  const place = placeOn(host);
  const over = (on: boolean) => host.toggleAttribute('data-dropping', on);

  host.addEventListener(
    'dragover',
    (event) => {
      if (!holdsFiles(event) && !holdsAddress(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = session.canEdit ? 'copy' : 'none';
      over(session.canEdit && holdsFiles(event));
    },
    { signal }
  );
  host.addEventListener('dragleave', () => over(false), { signal });
  host.addEventListener(
    'drop',
    (event) => {
      over(false);
      if (!holdsFiles(event) && !holdsAddress(event)) return;
      event.preventDefault();
      const at = toBoard(session.editor.camera, place(event));
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) void bringPictures(session, files, at);
      else
        toaster.show({
          text: 'That is an address and not a file. Save the picture first, or copy it, and paste it here.'
        });
    },
    { signal }
  );
  for (const type of ['dragover', 'drop'] as const)
    window.addEventListener(
      type,
      (event) => {
        if (event.defaultPrevented || !holdsFiles(event)) return;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
      },
      { signal }
    );
  return () => stops.abort();
}

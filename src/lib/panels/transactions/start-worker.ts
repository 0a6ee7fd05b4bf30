import type { ImportAnswer } from './import-job.ts';
import type { ImportWorker } from './session.svelte.ts';

/** A worker of its own for one file; its code loads now. */
export function startImportWorker(): ImportWorker {
  const worker = new Worker(new URL('./import.worker.ts', import.meta.url), { type: 'module' });
  const port: ImportWorker = {
    onmessage: null,
    onerror: null,
    postMessage: (request) => worker.postMessage(request),
    terminate: () => worker.terminate()
  };
  worker.onmessage = ({ data }: MessageEvent<ImportAnswer>) => port.onmessage?.({ data });
  worker.onerror = ({ message }) => port.onerror?.({ message });
  return port;
}

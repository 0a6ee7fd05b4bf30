/** Reads and fits a file of transactions beside the page, which stays free. Rows never leave here. */
import { createImportJob, type ImportRequest } from './import-job.ts';

const run = createImportJob((answer) => self.postMessage(answer));

self.onmessage = ({ data }: MessageEvent<ImportRequest>) => void run(data);

/** Fits models in a thread of its own, so that no request waits for another one's likelihood. */
import { parentPort } from 'node:worker_threads';
import { answerFit, type FitJob } from '#lib/scenarios/transactions/fit-request.ts';

parentPort?.on('message', (job: FitJob) => parentPort?.postMessage(answerFit(job)));

/** Works figures out in a thread of its own: requests, sockets and edits go on meanwhile. */
import { parentPort } from 'node:worker_threads';
import { answerFigures, type FiguresJob } from '#lib/scenarios/figures-answer.ts';

parentPort?.on('message', (job: FiguresJob) => parentPort?.postMessage(JSON.stringify(answerFigures(job))));

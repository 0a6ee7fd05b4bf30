/** Reads and fits tables in a thread of its own, so that no request waits for another one's rows or likelihood. */
import { parentPort } from 'node:worker_threads';
import {
  createFitReader,
  type FitAnswer,
  type FitHead,
  type FitReader
} from '#lib/scenarios/transactions/fit-request.ts';

/** One request after the other: its head, its body piece by piece, its end. Each message has one reply. */
export type FitMessage =
  | { readonly kind: 'head'; readonly head: FitHead }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' };

export type FitReply = { readonly kind: 'taken' } | FitAnswer;

let reader: FitReader | null = null;

function reply(message: FitMessage): FitReply {
  switch (message.kind) {
    case 'head':
      reader = createFitReader(message.head);
      return { kind: 'taken' };
    case 'piece':
      reader?.push(message.bytes);
      return { kind: 'taken' };
    case 'end': {
      const asked = reader;
      reader = null;
      return asked?.end() ?? { kind: 'taken' };
    }
  }
}

parentPort?.on('message', (message: FitMessage) => parentPort?.postMessage(reply(message)));

import { stepsOf, type Job, type Progress, type Report } from './jobs.ts';

/** Works one job out and says how far it is, but no more often than a screen can show. */
const EVERY = 50; // milliseconds

const say = (report: Report<Job>): void => self.postMessage(report);

self.onmessage = ({ data: job }: MessageEvent<Job>) => {
  const steps = stepsOf(job) as Generator<
    Progress,
    Extract<Report<Job>, { result: unknown }>['result'],
    void
  >;
  let told = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return say({ result: step.value });
    if (performance.now() - told < EVERY) continue;
    told = performance.now();
    say({ progress: step.value });
  }
};

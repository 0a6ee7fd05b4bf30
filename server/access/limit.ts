/** Answers a function that runs jobs, at most `most` at once, the others in the order they came. */
export const limited = (most: number) => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(job: () => Promise<T>): Promise<T> => {
    if (running < most) running += 1;
    // Whoever finishes hands its place on, so the count stays.
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
};

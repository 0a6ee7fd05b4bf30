/** Seeds with which a test has found a defect, by the test's name. It is mended, and they stay. */
export const FAILED_SEEDS: Readonly<Record<string, readonly number[]>> = {
  fuzz: [4, 357031197]
};

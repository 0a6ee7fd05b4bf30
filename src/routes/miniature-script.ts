/** The two shares of the example that can be changed on the start page, as the map's ids name them. */
export const SHARES = {
  convert: {
    from: 'trial',
    to: 'active',
    label: 'Trials that become customers',
    min: 0.1,
    max: 0.6,
    step: 0.01
  },
  stay: {
    from: 'active',
    to: 'active',
    label: 'Customers who stay each month',
    min: 0.8,
    max: 0.96,
    step: 0.005
  }
} as const;

export type ShareId = keyof typeof SHARES;

interface Step {
  readonly share: ShareId;
  readonly to: number;
}

/** What the colleague does, over and over; it ends where it began. */
export const SCRIPT: readonly Step[] = [
  { share: 'stay', to: 0.95 },
  { share: 'convert', to: 0.36 },
  { share: 'stay', to: 0.91 },
  { share: 'convert', to: 0.3 },
  { share: 'stay', to: 0.93 }
];

const TRAVEL = 900; // ms, a little longer than the cursor's way takes
const KEYSTROKE = 160;
const LOOK = 2200;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Plays the script until the signal aborts, and then touches nothing more: the map may be gone with its page. Values move
 * by the slider's step, so that each one is computed.
 */
export async function perform(
  script: readonly Step[],
  signal: AbortSignal,
  stage: {
    value: (share: ShareId) => number;
    point: (share: ShareId) => void;
    set: (share: ShareId, value: number) => void;
  }
): Promise<void> {
  await pause(LOOK, signal);
  for (let turn = 0; !signal.aborted; turn++) {
    const step = script[turn % script.length];
    if (!step) return;
    stage.point(step.share);
    await pause(TRAVEL, signal);
    const by = SHARES[step.share].step;
    while (!signal.aborted) {
      const left = step.to - stage.value(step.share);
      if (Math.abs(left) < by / 2) break;
      const next = stage.value(step.share) + Math.sign(left) * by;
      stage.set(step.share, Math.round(next * 1000) / 1000);
      await pause(KEYSTROKE, signal);
    }
    await pause(LOOK, signal);
  }
}

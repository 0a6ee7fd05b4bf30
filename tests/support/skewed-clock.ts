// Loaded before the built server with `--import`: its calendar is CLOCK_OFFSET_MS ahead, and at each SIGUSR2 it steps by
// CLOCK_STEP_MS. What counts how much time has gone by (performance.now, timers) is left alone, as on a real machine.
const real = Date;
let offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const now = () => real.now() + offset;

globalThis.Date = new Proxy(real, {
  construct: (target, given: unknown[]) =>
    given.length === 0 ? new target(now()) : (Reflect.construct(target, given) as Date),
  get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver))
});
process.on('SIGUSR2', () => (offset += Number(process.env.CLOCK_STEP_MS ?? 0)));

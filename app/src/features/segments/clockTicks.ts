/** Grid lines at round minutes and seconds, as people read a time. */
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
const MOST = 5;

export function clockTicks(low: number, high: number): number[] {
  const step = STEPS_S.find((one) => (high - low) / one <= MOST) ?? 14_400;
  const first = Math.ceil(low / step);
  return Array.from(
    { length: Math.max(0, Math.floor(high / step) - first + 1) },
    (_, at) => (first + at) * step,
  );
}

/** Round durations for a logarithmic axis. Pure. */
export const ROUND_S = [
  1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 18_000, 36_000, 86_400,
] as const;

/** The round durations within a span, with at least so much room between two. */
export function spacedDurations(
  [shortest, longest]: readonly [number, number],
  at: (seconds: number) => number,
  gap: number,
): number[] {
  const chosen: number[] = [];
  for (const seconds of ROUND_S) {
    const before = chosen.at(-1);
    if (seconds < shortest || seconds > longest) continue;
    if (before === undefined || at(seconds) - at(before) >= gap) chosen.push(seconds);
  }
  return chosen;
}

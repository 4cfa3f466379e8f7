/** Putting sources in order. Pure. */
import type { KnownSourcePreferences, Quantity, WellnessMetric, WellnessPriority } from '@/api/types';

export type Ranked = { id: string; count: number };
export type Ranking<Of extends string> = { of: Of; sources: Ranked[]; isOwn: boolean };

/** The list with one entry moved up (-1) or down (1); unchanged at the ends. */
export function moved(order: readonly string[], id: string, by: -1 | 1): string[] {
  const from = order.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return [...order];
  const next = order.filter((one) => one !== id);
  next.splice(to, 0, id);
  return next;
}

/** Quantities of recordings that several devices tell, in the order that holds: the preferred ones first. */
export function recordingRankings(known: KnownSourcePreferences): Ranking<Quantity>[] {
  const quantities = new Set([
    ...Object.keys(known.devices),
    ...Object.keys(known.preferences),
  ] as Quantity[]);
  return [...quantities]
    .map((quantity) => {
      const counts = new Map((known.devices[quantity] ?? []).map((one) => [one.device, one.activities]));
      const own = known.preferences[quantity] ?? [];
      const ids = [...new Set([...own, ...counts.keys()])];
      return {
        of: quantity,
        sources: ids.map((id) => ({ id, count: counts.get(id) ?? 0 })),
        isOwn: own.length > 0,
      };
    })
    .filter((one) => one.sources.length > 1);
}

/** Daily values that several sources tell, in the order that holds. */
export function valueRankings(priorities: readonly WellnessPriority[]): Ranking<WellnessMetric>[] {
  return priorities
    .filter((one) => one.sources.length > 1)
    .map((one) => ({
      of: one.metric,
      sources: one.sources.map(({ source, days }) => ({ id: source, count: days })),
      isOwn: one.is_own,
    }));
}

/** Thresholds that somebody kept although their training says another; remembered on this device. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';

import { type Doubted, type ThresholdId } from './entry';

/** The value in use that was kept, and the range of the evidence at that time. */
export type KeptValue = { used: number; low: number; high: number };
export type Kept = Partial<Record<ThresholdId, KeptValue>>;

const storageKey = (athleteId: string) => `topform.thresholds.kept.${athleteId}`;

function isKeptValue(found: unknown): found is KeptValue {
  if (typeof found !== 'object' || found === null) return false;
  const { used, low, high } = found as Record<string, unknown>;
  return [used, low, high].every((value) => typeof value === 'number');
}

/** What is remembered; of another form it is nothing. */
export function keptIn(stored: string | null): Kept {
  let found: unknown;
  try {
    found = JSON.parse(stored ?? '{}');
  } catch {
    return {};
  }
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter(([, value]) => isKeptValue(value)));
}

export function keeping({ in_use: inUse, estimate }: Doubted): KeptValue {
  return { used: inUse.value, low: estimate.low, high: estimate.high };
}

/**
 * Those to ask about: not kept, kept at another value, or the evidence has left the range it had then; a highest heart
 * rate leaves it upwards.
 */
export function toAsk(doubted: readonly Doubted[], kept: Kept): Doubted[] {
  return doubted.filter(({ quantity, in_use: inUse, estimate }) => {
    const known = kept[quantity];
    if (known === undefined || known.used !== inUse.value) return true;
    if (quantity === 'hr_max_bpm') return estimate.value > known.high;
    return estimate.value < known.low || estimate.value > known.high;
  });
}

const keptQuery = (athleteId: string) =>
  queryOptions({
    queryKey: ['thresholds-kept', athleteId],
    queryFn: async () => keptIn(await AsyncStorage.getItem(storageKey(athleteId))),
    networkMode: 'always',
    staleTime: Infinity,
  });

/** What this person kept, and a way to keep one more; undefined until it was read. */
export function useKeptThresholds(athleteId: string): [Kept | undefined, (one: Doubted) => void] {
  const client = useQueryClient();
  const { data } = useQuery(keptQuery(athleteId));
  const keep = (one: Doubted) => {
    const kept = { ...data, [one.quantity]: keeping(one) };
    client.setQueryData(keptQuery(athleteId).queryKey, kept);
    void AsyncStorage.setItem(storageKey(athleteId), JSON.stringify(kept));
  };
  return [data, keep];
}

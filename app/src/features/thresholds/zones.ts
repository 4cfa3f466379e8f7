/** Zones in words. Pure. */
import type { ZoneSystem } from '@/api/types';

const systems = [
  'power_7',
  'power_3',
  'heart_rate_5',
  'heart_rate_7_bike',
  'heart_rate_7_run',
  'heart_rate_3',
  'pace_6',
  'pace_3',
  'swim_6',
  'run_power_5_watch',
  'run_power_5_foot_pod',
  'run_power_5_app',
] as const;

const names = [
  'recovery',
  'endurance',
  'tempo',
  'threshold',
  'vo2max',
  'anaerobic',
  'neuromuscular',
  'aerobic',
  'subthreshold',
  'superthreshold',
  'aerobic_capacity',
  'below_first',
  'between',
  'above_second',
] as const;

/** A later server may know more than this app has words for. */
export function isSystem(id: string): id is (typeof systems)[number] {
  return (systems as readonly string[]).includes(id);
}

export function isZoneName(name: string): name is (typeof names)[number] {
  return (names as readonly string[]).includes(name);
}

type Zone = Pick<ZoneSystem['zones'][number], 'low' | 'high'>;
type Range = {
  kind: 'between' | 'below' | 'above' | 'slower' | 'faster';
  low: number | null;
  high: number | null;
};

/** How a zone is told: with pace, a border is slower or faster, not below or above. */
export function rangeOf({ low, high }: Zone, quantity: ZoneSystem['quantity']): Range {
  const isPaced = quantity === 'speed_m_s';
  if (low === null) return { kind: isPaced ? 'slower' : 'below', low, high };
  if (high === null) return { kind: isPaced ? 'faster' : 'above', low, high };
  return { kind: 'between', low, high };
}

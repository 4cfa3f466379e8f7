/** What the server took out of a leg's values or noted about them, by its codes. Pure. */
import type { LegDetail } from '@/api/types';

const FAULTS = ['impossible', 'spike', 'stuck', 'jump', 'drift', 'drop_out'] as const;
const CHANNELS = [
  'hr',
  'power',
  'speed',
  'position',
  'altitude',
  'cadence',
  'temperature',
  'core_temperature',
  'respiration',
  'left_balance',
] as const;

export type DataFault = {
  channel: (typeof CHANNELS)[number];
  kind: (typeof FAULTS)[number];
  /** How many values were left out; null where they stayed. */
  left: number | null;
  from_s: number;
  to_s: number;
};

/** Every fault that is known here, in the order of the recording. */
export function dataFaults(leg: LegDetail): DataFault[] {
  const { corrections } = (leg.cleaning ?? {}) as { corrections?: unknown };
  if (!Array.isArray(corrections)) return [];
  return corrections
    .map(faultOf)
    .filter((fault) => fault !== null)
    .sort((a, b) => a.from_s - b.from_s);
}

function faultOf(correction: unknown): DataFault | null {
  const { code, action, samples, window_s } = (correction ?? {}) as Record<string, unknown>;
  const kind = FAULTS.find((name) => String(code).endsWith(`_${name}`));
  const channel = CHANNELS.find((name) => code === `${name}_${kind}`);
  if (kind === undefined || channel === undefined || !Array.isArray(window_s)) return null;
  return {
    channel,
    kind,
    left: action === 'removed' ? Number(samples) : null,
    from_s: Number(window_s[0]),
    to_s: Number(window_s[1]),
  };
}

/** How large a deviation is, in five steps that keep their order without colour. Pure. */
import type { ColorName } from '@/design/tokens';

/** Upper limits in degrees; up to the first one lies within what a camera can tell. */
export const HEAT_LIMITS_DEG = [7, 12, 20, 30] as const;

const TONES: readonly ColorName[] = ['border', 'zone1', 'zone2', 'zone4', 'zone6'];

export function heatTone(deviation_deg: number | null): ColorName | null {
  if (deviation_deg === null) return null;
  const step = HEAT_LIMITS_DEG.findIndex((limit) => Math.abs(deviation_deg) <= limit);
  return TONES[step === -1 ? HEAT_LIMITS_DEG.length : step] ?? null;
}

export const heatTones = TONES;

/** The place of the largest deviation over all joints, as a share of the repetition. */
export function worstPhase(rows: readonly { by_phase_deg: readonly (number | null)[] }[]): number {
  let best = { size: 0, share: 0.5 };
  for (const { by_phase_deg } of rows) {
    by_phase_deg.forEach((value, index) => {
      if (value !== null && Math.abs(value) > best.size) {
        best = { size: Math.abs(value), share: (index + 0.5) / by_phase_deg.length };
      }
    });
  }
  return best.share;
}

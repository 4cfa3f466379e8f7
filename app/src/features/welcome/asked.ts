/** Which numbers are asked of whom. Pure. */
import type { ParameterId } from '@/features/profile/parameters';
import type { PlanSport } from '@/features/plan/order';

const ids = ['hr_max_bpm', 'hr_rest_bpm', 'ftp_w', 'threshold_speed_m_s', 'css_m_s'] as const;
export type AskedId = (typeof ids)[number] & ParameterId;

const sportsOf: Partial<Record<AskedId, readonly PlanSport[]>> = {
  ftp_w: ['cycling', 'triathlon'],
  threshold_speed_m_s: ['running', 'triathlon'],
  css_m_s: ['swimming', 'triathlon'],
};

/** Two of the heart for everybody, and the threshold of each sport; all of them from whoever named no sport. */
export function asked(sports: readonly PlanSport[]): AskedId[] {
  return ids.filter((id) => {
    const of = sportsOf[id];
    return of === undefined || sports.length === 0 || of.some((sport) => sports.includes(sport));
  });
}

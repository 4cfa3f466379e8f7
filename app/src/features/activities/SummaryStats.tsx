import { useTranslation } from 'react-i18next';

import type { ActivityDetail } from '@/api/types';
import { Card, Stat, StatGrid } from '@/design';
import { type Shown, useFormat } from '@/i18n/useFormat';

import { isPaced } from './streams';

/** The numbers people look for first; what was not recorded is left out. */
export function SummaryStats({ activity }: { activity: ActivityDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const first = activity.legs[0];
  const clock = (seconds: number): Shown => ({
    value: format.clock(seconds),
    unit: '',
    text: format.clock(seconds),
  });
  const source =
    activity.load_source === null ? undefined : t(`loadSource.${activity.load_source as 'hr'}`, '');
  const stats: { label: string; shown: Shown | null; note?: string }[] = [
    {
      label: t('field.distance'),
      shown: activity.distance_m ? format.distance(activity.distance_m, activity.sport) : null,
    },
    { label: t('field.movingTime'), shown: clock(activity.moving_s ?? activity.timer_s) },
    {
      label: t('field.elapsedTime'),
      shown:
        activity.elapsed_s - (activity.moving_s ?? activity.timer_s) > 60 ? clock(activity.elapsed_s) : null,
    },
    {
      label: t(isPaced(activity.sport) ? 'field.pace' : 'field.speed'),
      shown:
        activity.speed_mean_m_s && activity.leg_count === 1
          ? format.speed(activity.speed_mean_m_s, activity.sport)
          : null,
    },
    { label: t('field.ascent'), shown: activity.ascent_m ? format.elevation(activity.ascent_m) : null },
    { label: t('field.hrMean'), shown: format.plain(activity.hr_mean_bpm, 'bpm') },
    {
      label: t('field.hrMax'),
      shown: activity.legs.length === 1 ? format.plain(first?.hr_bpm?.max, 'bpm') : null,
    },
    { label: t('field.powerMean'), shown: format.plain(activity.power_mean_w, 'w') },
    {
      label: t('field.cadence'),
      shown:
        activity.legs.length === 1
          ? (format.plain(first?.cadence_rpm?.mean, 'rpm') ?? format.plain(first?.cadence_spm?.mean, 'spm'))
          : null,
    },
    {
      label: t('field.load'),
      shown: activity.load_au === null ? null : clockless(format.number(activity.load_au)),
      note: source,
    },
    {
      label: t('field.rpe'),
      shown: activity.rpe_cr10 === null ? null : clockless(`${format.number(activity.rpe_cr10)} / 10`),
    },
  ];
  return (
    <Card padding="l">
      <StatGrid>
        {stats
          .filter((stat) => stat.shown !== null)
          .map(({ label, shown, note }) => (
            <Stat key={label} label={label} value={shown?.value ?? null} unit={shown?.unit} note={note} />
          ))}
      </StatGrid>
    </Card>
  );
}

function clockless(text: string): Shown {
  return { value: text, unit: '', text };
}

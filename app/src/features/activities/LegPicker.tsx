import { useTranslation } from 'react-i18next';

import type { LegDetail } from '@/api/types';
import { SegmentedControl, Select, useLayout } from '@/design';

/** Which leg of a workout of several is looked at. */
export function LegPicker({
  legs,
  index,
  onChange,
}: {
  legs: readonly LegDetail[];
  index: number;
  onChange: (index: number) => void;
}) {
  const { t } = useTranslation();
  const { isWide } = useLayout();
  const choice = {
    label: t('activity.legs'),
    value: String(index),
    onChange: (value: string) => onChange(Number(value)),
    options: legs.map((leg, at) => ({ value: String(at), label: `${at + 1} ${t(`sport.${leg.sport}`)}` })),
  };
  return isWide ? <SegmentedControl {...choice} /> : <Select {...choice} hideLabel />;
}

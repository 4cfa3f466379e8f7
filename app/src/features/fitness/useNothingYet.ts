import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { thresholdsQuery } from '@/api/queries';

/** Why there is no load though there are activities, and whether thresholds are what is missing. */
export function useNothingYet(): { text: string; needsThresholds: boolean } {
  const { t } = useTranslation();
  const thresholds = useQuery(thresholdsQuery());
  const needsThresholds = !(thresholds.data?.thresholds ?? []).some((one) => one.in_use?.value != null);
  return { text: t(needsThresholds ? 'today.noLoad' : 'today.noLoadYet'), needsThresholds };
}

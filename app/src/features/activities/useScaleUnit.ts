import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '@/i18n/useFormat';

const SCALE = {
  metric: { meters: 1000, smallMeters: 1 },
  imperial: { meters: 1609.344, smallMeters: 0.3048 },
} as const;

/** The units of a map's scale bar, as the person counts. */
export function useScaleUnit() {
  const { t } = useTranslation();
  const { system } = useFormat();
  return useMemo(() => {
    const metric = system === 'metric';
    return {
      ...SCALE[system],
      name: t(metric ? 'unit.km' : 'unit.mi'),
      smallName: t(metric ? 'unit.m' : 'unit.ft'),
    };
  }, [system, t]);
}

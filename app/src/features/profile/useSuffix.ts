import { useTranslation } from 'react-i18next';

import type { Units } from '@/api/types';

import type { ParameterId } from './parameters';

const suffixes: Partial<
  Record<ParameterId, { metric: 'kg' | 'min_km' | 'min_100m'; imperial: 'lb' | 'min_mi' | 'min_100yd' }>
> = {
  mass_kg: { metric: 'kg', imperial: 'lb' },
  threshold_speed_m_s: { metric: 'min_km', imperial: 'min_mi' },
  css_m_s: { metric: 'min_100m', imperial: 'min_100yd' },
};

/** The unit behind the field of a parameter. */
export function useSuffix(units: Units): (id: ParameterId) => string {
  const { t } = useTranslation();
  return (id) => {
    const pair = suffixes[id];
    if (pair) return t(`unit.${pair[units]}`);
    if (id === 'w_prime_j') return t('unit.kj');
    return t(id.endsWith('_w') ? 'unit.w' : 'unit.bpm');
  };
}

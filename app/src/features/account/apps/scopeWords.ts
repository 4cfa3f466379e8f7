import type { TFunction } from 'i18next';

const known = [
  'activities',
  'assistant',
  'athletes',
  'coaching',
  'community',
  'connections',
  'daily_values',
  'events',
  'form_checks',
  'jobs',
  'notices',
  'operations',
  'plans',
  'predictions',
  'readiness',
  'segments',
  'thresholds_and_zones',
  'training_load',
] as const;

type Area = (typeof known)[number];

/** What a scope lets an app do, as a sentence; areas without words of their own keep the API's name. */
export function scopeSentence(scope: string, t: TFunction): string {
  const [area = '', right] = scope.split(':');
  const what = known.includes(area as Area) ? t(`apps.area.${area as Area}`) : area.replaceAll('_', ' ');
  return right === 'write' ? t('apps.seeAndChange', { what }) : t('apps.see', { what });
}

import type { TFunction } from 'i18next';

/** `activities:read` as people read it; areas keep the API's names, because programs use them. */
export function scopeText(scope: string, t: TFunction): string {
  const [area = '', right] = scope.split(':');
  return `${area.replaceAll('_', ' ')}: ${right === 'write' ? t('security.write') : t('security.read')}`;
}

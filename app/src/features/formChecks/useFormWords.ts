import { useTranslation } from 'react-i18next';

/** Words for the stable ids of an analysis; an id without a word is shown as it is. */
export function useFormWords() {
  const { t, i18n } = useTranslation();
  const word = (group: 'fault' | 'reason' | 'exercise' | 'view', id: string): string => {
    const key = `form.${group}.${id}`;
    return i18n.exists(key) ? t(key as 'form.fault.hips_sag') : id.replaceAll('_', ' ');
  };
  return {
    fault: (code: string) => word('fault', code),
    reason: (id: string) => word('reason', id),
    exercise: (id: string) => word('exercise', id),
    view: (id: string) => word('view', id),
  };
}

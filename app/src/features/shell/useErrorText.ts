import { useTranslation } from 'react-i18next';

import { ApiError, UnreachableError } from '@/api/errors';

export type Words = { message: string; remedy: string | null };

/** The server writes English, with the details of the case; in other languages its stable code is put into words here. */
export function useServerWords(): (code: string, message: string, remedy: string | null) => Words {
  const { t, i18n } = useTranslation();
  return (code, message, remedy) => {
    const key = `errorCode.${code}`;
    if (i18n.language === 'en' || !i18n.exists(key)) return { message, remedy };
    return { message: t(key as 'error.title'), remedy: null };
  };
}

/** Words for whatever went wrong. */
export function useErrorText(): (error: unknown) => Words {
  const { t } = useTranslation();
  const serverWords = useServerWords();
  return (error) => {
    if (error instanceof UnreachableError) {
      return { message: t('error.unreachable'), remedy: t('error.unreachableRemedy') };
    }
    if (error instanceof ApiError) return serverWords(error.code, error.message, error.remedy);
    return { message: t('error.unexpected'), remedy: null };
  };
}

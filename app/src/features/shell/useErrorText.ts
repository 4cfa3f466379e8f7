import { useTranslation } from 'react-i18next';

import { ApiError, UnreachableError } from '@/api/errors';
import { PasskeyKnownError, PasskeyNotUsedError } from '@/api/passkeyTypes';
import { useFormat } from '@/i18n/useFormat';
import { withDays } from '@/lib/time';

export type Words = { message: string; remedy: string | null };

/** The server writes English, with the details of the case; in other languages its stable code is put into words here. */
export function useServerWords(
  group: 'errorCode' | 'dataNote' = 'errorCode',
): (code: string, message: string, remedy: string | null) => Words {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const said = (text: string) =>
    withDays(text, (day) =>
      format.day(day, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    );
  return (code, message, remedy) => {
    const key = `${group}.${code}`;
    if (i18n.language === 'en' || !i18n.exists(key))
      return { message: said(message), remedy: remedy === null ? null : said(remedy) };
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
    if (error instanceof PasskeyNotUsedError) return { message: t('error.passkeyNotUsed'), remedy: null };
    if (error instanceof PasskeyKnownError) return { message: t('error.passkeyKnown'), remedy: null };
    if (error instanceof ApiError) return serverWords(error.code, error.message, error.remedy);
    return { message: t('error.unexpected'), remedy: null };
  };
}

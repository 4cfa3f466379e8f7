import { useTranslation } from 'react-i18next';

import { ApiError, UnreachableError } from '@/api/errors';

/** Words for an error: ours where we know its code, the server's own otherwise. */
export function useErrorText(): (error: unknown) => { message: string; remedy: string | null } {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (error instanceof UnreachableError) {
      return { message: t('error.unreachable'), remedy: t('error.unreachableRemedy') };
    }
    if (error instanceof ApiError) {
      const known = `errorCode.${error.code}`;
      if (i18n.exists(known)) return { message: t(known as 'error.title'), remedy: null };
      return { message: error.message, remedy: error.remedy };
    }
    return { message: t('error.unexpected'), remedy: null };
  };
}

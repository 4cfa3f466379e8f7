import type { TFunction } from 'i18next';

export const SHORTEST_PASSWORD = 10;

/** What is wrong with a new password, in words; null when it will do. */
export function passwordProblem(password: string, t: TFunction): string | null {
  return password.length < SHORTEST_PASSWORD
    ? t('account.passwordShort', { count: SHORTEST_PASSWORD })
    : null;
}

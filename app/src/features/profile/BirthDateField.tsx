import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Athlete } from '@/api/types';
import { Box, DateField, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { useChangeMe } from './useChangeMe';

const FIRST_YEAR = 1900;

/** A year that is still being typed is no date yet. */
function isWhole(day: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && Number(day.slice(0, 4)) >= FIRST_YEAR;
}

/** When somebody was born; kept as soon as it is a whole date. */
export function BirthDateField({ athlete }: { athlete: Athlete }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const change = useChangeMe();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Box gap="xs">
      <DateField
        label={t('account.birthDate')}
        value={typed ?? athlete.birth_date ?? ''}
        error={change.error ? errorText(change.error).message : null}
        onChange={(day) => {
          setTyped(day);
          if (isWhole(day)) change.mutate({ birth_date: day });
        }}
      />
      <Text variant="caption" tone="textSecondary">
        {t('account.birthDateHint')}
      </Text>
    </Box>
  );
}

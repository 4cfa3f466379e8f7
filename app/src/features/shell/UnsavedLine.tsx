import { useTranslation } from 'react-i18next';

import { Text } from '@/design';

import type { Draft } from './drafts';

/** Says that what stands in a dialog was typed before and is not saved. */
export function UnsavedLine({ draft: { isRestored } }: { draft: Draft<unknown> }) {
  const { t } = useTranslation();
  return isRestored ? (
    <Text variant="caption" tone="warningText" role="status">
      {t('draft.notSaved')}
    </Text>
  ) : null;
}

import { useTranslation } from 'react-i18next';

import { Button, Row, Text } from '@/design';

import { type Draft, useHasDraft } from './drafts';

/** Says that what stands in a form was typed before and is not saved; `discards` where there is no cancelling. */
export function UnsavedLine({ draft, discards }: { draft: Draft<unknown>; discards?: boolean }) {
  const { t } = useTranslation();
  if (!draft.isRestored) return null;
  return (
    <Row gap="s" wrap>
      <Text variant="caption" tone="warningText" role="status" shrink>
        {t('draft.notSaved')}
      </Text>
      {discards ? <Button label={t('draft.discard')} variant="quiet" small onPress={draft.forget} /> : null}
    </Row>
  );
}

/** Says beside the button of a dialog that something typed in it is not saved. */
export function DraftWaits({ names, again }: { names: readonly string[]; again: unknown }) {
  const { t } = useTranslation();
  return useHasDraft(names, again) ? (
    <Text variant="caption" tone="warningText">
      {t('draft.waits')}
    </Text>
  ) : null;
}

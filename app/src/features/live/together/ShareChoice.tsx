import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Checkbox, Row, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { SHARED, type Shared } from './roomQueries';

/** What the others in one room see; nothing of the body unless it is ticked. */
export function ShareChoice({
  ticked,
  act,
  onChoose,
  onCancel,
}: {
  ticked: readonly Shared[];
  act: string;
  onChoose: (shares: Shared[]) => Promise<unknown>;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [shares, setShares] = useState<readonly Shared[]>(ticked);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const choose = async () => {
    setBusy(true);
    setError(null);
    try {
      await onChoose([...shares]);
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box gap="s">
      <Text variant="bodyStrong">{t('together.whatYouShow')}</Text>
      {SHARED.map((share) => (
        <Checkbox
          key={share}
          label={t(`together.share.${share}`)}
          checked={shares.includes(share)}
          onChange={(isTicked) =>
            setShares(isTicked ? [...shares, share] : shares.filter((one) => one !== share))
          }
        />
      ))}
      <Text variant="caption" tone="textSecondary">
        {t('together.shareHint')}
      </Text>
      {error === null ? null : <Banner tone="danger" urgent title={errorText(error).message} />}
      <Row gap="s" wrap>
        <Button label={act} busy={isBusy} onPress={() => void choose()} />
        <Button label={t('action.cancel')} variant="quiet" onPress={onCancel} />
      </Row>
    </Box>
  );
}

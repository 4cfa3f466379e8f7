import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Button, Card, Row, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { useCommunityChange } from './communityQueries';

interface InviteCardProps {
  title: string;
  caption: string;
  act: string;
  invite: (handle: string) => Promise<unknown>;
  folds?: boolean;
}

/** Asks somebody in by their handle. */
export function InviteCard({ title, caption, act, invite, folds = false }: InviteCardProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [handle, setHandle] = useState('');
  const change = useCommunityChange(invite, () => setHandle(''));
  return (
    <Card title={title} caption={caption} folds={folds}>
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <TextField
        label={t('community.handle')}
        value={handle}
        onChangeText={setHandle}
        autoCapitalize="none"
        autoCorrect={false}
        maxLength={30}
      />
      <Row>
        <Button
          label={act}
          variant="secondary"
          busy={change.isPending}
          disabled={handle.trim().length < 3}
          onPress={() => change.mutate(handle.trim().toLowerCase())}
        />
      </Row>
    </Card>
  );
}

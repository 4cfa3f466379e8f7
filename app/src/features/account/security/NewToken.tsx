import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, Checkbox, Dialog, Row, SegmentedControl, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { scopeText } from './scopes';

type Lasts = 'month' | 'year' | 'ever';

const days: Record<Lasts, number | null> = { month: 30, year: 365, ever: null };

export function NewToken({
  scopes,
  onMade,
  onClose,
}: {
  scopes: readonly string[];
  onMade: (token: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [lasts, setLasts] = useState<Lasts>('year');
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/accounts/me/tokens', {
          body: { name: name.trim(), scopes: [...chosen], lasts_days: days[lasts] },
        }),
      ),
    onSuccess: (shown) => onMade(shown.token),
  });
  const submit = () => {
    setTried(true);
    if (name.trim() !== '' && chosen.length > 0 && !make.isPending) make.mutate();
  };
  return (
    <Dialog title={t('security.makeToken')} open onClose={onClose}>
      <Box gap="l">
        {make.error ? <Banner tone="danger" urgent title={errorText(make.error).message} /> : null}
        <TextField
          label={t('security.tokenName')}
          hint={t('security.tokenNameHint')}
          value={name}
          onChangeText={setName}
          maxLength={100}
          error={tried && name.trim() === '' ? t('account.required') : null}
        />
        <Box gap="xs" role="group" aria-label={t('security.scopes')}>
          <Text variant="label">{t('security.scopes')}</Text>
          <Row wrap gap="m">
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                label={scopeText(scope, t)}
                checked={chosen.includes(scope)}
                onChange={(checked) =>
                  setChosen(checked ? [...chosen, scope] : chosen.filter((item) => item !== scope))
                }
              />
            ))}
          </Row>
          {tried && chosen.length === 0 ? <Text tone="dangerText">{t('security.scopesNone')}</Text> : null}
        </Box>
        <Box gap="xs">
          <Text variant="label">{t('security.lasts')}</Text>
          <SegmentedControl<Lasts>
            label={t('security.lasts')}
            value={lasts}
            onChange={setLasts}
            options={[
              { value: 'month', label: t('security.lastsMonth') },
              { value: 'year', label: t('security.lastsYear') },
              { value: 'ever', label: t('security.lastsEver') },
            ]}
          />
        </Box>
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button label={t('security.makeToken')} busy={make.isPending} onPress={submit} />
        </Row>
      </Box>
    </Dialog>
  );
}

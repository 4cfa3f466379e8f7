import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Box, Button, Card, DateField, Row } from '@/design';

import { isDay } from './gaps';

/** Chooses days to be fetched again. */
export function FetchRange({
  busy,
  onFetch,
}: {
  busy: boolean;
  onFetch: (range: { first: string; last: string }) => void;
}) {
  const { t } = useTranslation();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const [tried, setTried] = useState(false);
  const wrong = (day: string) => (tried && !isDay(day) ? t('devices.sinceWrong') : null);
  const swapped = isDay(first) && isDay(last) && first > last;
  const send = () => {
    setTried(true);
    if (isDay(first) && isDay(last) && !swapped) onFetch({ first, last });
  };
  return (
    <Card title={t('devices.range')} caption={t('devices.rangeCaption')}>
      <Row gap="m" wrap align="flex-start">
        <Box flex={1} minWidth={140}>
          <DateField
            label={t('devices.first')}
            value={first}
            min="1990-01-01"
            error={wrong(first)}
            onChange={setFirst}
          />
        </Box>
        <Box flex={1} minWidth={140}>
          <DateField
            label={t('devices.last')}
            value={last}
            min="1990-01-01"
            error={swapped ? t('devices.rangeWrong') : wrong(last)}
            onChange={setLast}
          />
        </Box>
      </Row>
      <Button label={t('devices.fetchAgain')} variant="secondary" busy={busy} onPress={send} />
    </Card>
  );
}

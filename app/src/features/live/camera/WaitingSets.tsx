import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { keys, meQuery } from '@/api/queries';
import { Banner, Button } from '@/design';
import { sendWaitingSets } from '@/live/sets/send';

const AGAIN_MS = 15_000;

/** Sends the sets that wait on this device, and says so while it cannot. */
export function WaitingSets() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const owner = athlete?.id;
  const [left, setLeft] = useState(0);
  const [failed, setFailed] = useState(false);
  const send = useCallback(() => {
    if (owner === undefined) return;
    sendWaitingSets(owner).then(
      (count) => {
        setFailed(false);
        setLeft((before) => {
          if (count < before) void client.invalidateQueries({ queryKey: keys.formChecks });
          return count;
        });
      },
      () => setFailed(true),
    );
  }, [client, owner]);
  useEffect(() => {
    send();
    const timer = setInterval(send, AGAIN_MS);
    return () => clearInterval(timer);
  }, [send]);
  if (!failed && left === 0) return null;
  return (
    <Banner
      tone="warning"
      title={failed ? t('livePushUps.refused') : t('livePushUps.waiting', { count: left })}
      action={<Button label={t('workout.sendNow')} small variant="secondary" onPress={send} />}
    />
  );
}

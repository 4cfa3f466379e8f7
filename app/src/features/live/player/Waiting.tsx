import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { keys } from '@/api/queries';
import { Banner, Button } from '@/design';
import { sendWaiting } from '@/live/player/send';

const AGAIN_MS = 15_000;

/** Sends what waits, and says so while it cannot. */
export function useSending(owner: string): { left: number | null; failed: boolean; send: () => void } {
  const client = useQueryClient();
  const [left, setLeft] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const send = useCallback(() => {
    sendWaiting(owner).then(
      (count) => {
        setLeft(count);
        setFailed(false);
        if (count === 0) {
          void client.invalidateQueries({ queryKey: keys.jobs });
          void client.invalidateQueries({ queryKey: keys.activities });
        }
      },
      () => setFailed(true),
    );
  }, [client, owner]);
  useEffect(() => {
    send();
    const timer = setInterval(send, AGAIN_MS);
    return () => clearInterval(timer);
  }, [send]);
  return { left, failed, send };
}

export function Waiting({ owner }: { owner: string }) {
  const { t } = useTranslation();
  const { left, failed, send } = useSending(owner);
  if (!failed && (left === null || left === 0)) return null;
  return (
    <Banner
      tone="warning"
      title={failed ? t('workout.refused') : t('workout.waiting', { count: left ?? 1 })}
      action={<Button label={t('workout.sendNow')} small variant="secondary" onPress={send} />}
    />
  );
}

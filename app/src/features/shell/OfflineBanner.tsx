import { onlineManager, useMutationState } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

import { isWaitingWrite } from '@/api/writes';
import { Banner, Box } from '@/design';
import { useStreamState } from '@/realtime/useLiveUpdates';

function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
    () => true,
  );
}

/** Says when what is on the screen may be old: no network, or a server that does not answer. */
export function OfflineBanner() {
  const { t } = useTranslation();
  const online = useOnline();
  const stream = useStreamState();
  const waiting = useMutationState({ filters: { predicate: isWaitingWrite } }).length;
  if (online && stream !== 'down') return null;
  return (
    <Box padding="s" testID="offline-banner">
      <Banner tone="warning" icon="offline" title={t(online ? 'offline.serverTitle' : 'offline.title')}>
        {[
          t(online ? 'offline.serverBody' : 'offline.body'),
          ...(waiting > 0 ? [t('offline.writesWait', { count: waiting }), t('offline.lastCounts')] : []),
        ].join(' ')}
      </Banner>
    </Box>
  );
}

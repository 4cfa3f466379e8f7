import { useQuery } from '@tanstack/react-query';
import { Redirect } from 'expo-router';
import { useEffect } from 'react';

import { isSignedOut } from '@/api/errors';
import { meQuery } from '@/api/queries';
import { Box } from '@/design';
import { HealthOnOpen } from '@/features/health/HealthOnOpen';
import { SendUploads } from '@/features/jobs/SendUploads';
import { NoticeTaps } from '@/features/notices/NoticeTaps';
import { AppShell } from '@/features/shell/AppShell';
import { Navigator } from '@/features/shell/Navigator';
import { QueryState } from '@/features/shell/QueryState';
import { chooseLanguage, supportedLanguage } from '@/i18n';
import { LiveUpdates } from '@/realtime/useLiveUpdates';

/** Everything behind the sign-in. */
export default function SignedInLayout() {
  const me = useQuery(meQuery());
  const language = me.data?.language;
  useEffect(() => {
    // Without a network its texts may be out of reach: those that are there stay.
    if (language !== undefined) chooseLanguage(supportedLanguage(language)).catch(() => undefined);
  }, [language]);
  if (isSignedOut(me.error)) return <Redirect href="/sign-in" />;
  if (me.data === undefined) {
    return (
      <Box padding="xl" flex={1} role="main">
        <QueryState query={me} skeleton={{ count: 3, height: 120 }}>
          {() => null}
        </QueryState>
      </Box>
    );
  }
  return (
    <LiveUpdates>
      <SendUploads />
      <HealthOnOpen />
      <NoticeTaps />
      <AppShell>
        <Navigator />
      </AppShell>
    </LiveUpdates>
  );
}

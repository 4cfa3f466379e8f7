import { StatusBar } from 'expo-status-bar';
import { useEffect, useState } from 'react';
import { SafeAreaProvider } from 'react-native-safe-area-context';

import { restoreSession } from '@/api/session';
import { ThemeProvider, ToastProvider, useTheme } from '@/design';
import { installServiceWorker } from '@/features/shell/installServiceWorker';
import { Navigator } from '@/features/shell/Navigator';
import { QueryProvider } from '@/features/shell/QueryProvider';
import { startTexts } from '@/i18n';

const textsStarted = startTexts();
installServiceWorker();

export default function RootLayout() {
  const [restored, setRestored] = useState(false);
  useEffect(() => {
    void Promise.all([restoreSession(), textsStarted]).then(() => setRestored(true));
  }, []);
  return (
    <SafeAreaProvider>
      <ThemeProvider>
        <Bar />
        <QueryProvider>
          <ToastProvider>{restored ? <Navigator /> : null}</ToastProvider>
        </QueryProvider>
      </ThemeProvider>
    </SafeAreaProvider>
  );
}

function Bar() {
  const { scheme } = useTheme();
  return <StatusBar style={scheme === 'dark' ? 'light' : 'dark'} />;
}

import { useQueryClient } from '@tanstack/react-query';
import * as Notifications from 'expo-notifications';
import { useRouter } from 'expo-router';
import { useEffect } from 'react';

import { keys } from '@/api/queries';
import type { Path } from '@/design';

import { noticePath } from './noticePath';

/** Shows messages while the app is open, and opens the page that a touched one leads to. */
export function NoticeTaps() {
  const router = useRouter();
  const client = useQueryClient();
  const touched = Notifications.useLastNotificationResponse();
  useEffect(() => {
    Notifications.setNotificationHandler({
      handleNotification: () =>
        Promise.resolve({
          shouldShowBanner: true,
          shouldShowList: true,
          shouldPlaySound: false,
          shouldSetBadge: false,
        }),
    });
    const heard = Notifications.addNotificationReceivedListener(
      () => void client.invalidateQueries({ queryKey: keys.notices }),
    );
    return () => heard.remove();
  }, [client]);
  useEffect(() => {
    const path = noticePath(touched?.notification.request.content.data);
    if (path === null) return;
    Notifications.clearLastNotificationResponse();
    router.push(path as Path);
  }, [touched, router]);
  return null;
}

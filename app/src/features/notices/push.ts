import Constants from 'expo-constants';
import * as Notifications from 'expo-notifications';
import { Platform } from 'react-native';

import type { PushAddress, PushOffer, PushState } from './pushTypes';

export const pushPlace = 'phone' as 'phone' | 'browser';

/** The channel that the server names; Android shows it by its own name in the settings of the app. */
const CHANNEL = 'notices';

/** The project under which the app was built; without one Expo's push service has no token for it. */
function projectId(): string | null {
  const built: unknown = Constants.expoConfig?.extra?.eas?.projectId ?? Constants.easConfig?.projectId;
  return typeof built === 'string' && built !== '' ? built : null;
}

function allows({ granted, ios }: Notifications.NotificationPermissionsStatus): boolean {
  return granted || ios?.status === Notifications.IosAuthorizationStatus.PROVISIONAL;
}

export async function readPushState({ tellsPhones }: PushOffer): Promise<PushState> {
  if (!tellsPhones || projectId() === null) return 'not_offered';
  const permission = await Notifications.getPermissionsAsync();
  if (allows(permission)) return 'on';
  return permission.canAskAgain ? 'off' : 'blocked';
}

/** Asks for the permission, so only ever after a press; null when it was refused. */
export async function subscribe(_offer: PushOffer, channelName: string): Promise<PushAddress | null> {
  const project = projectId();
  if (project === null) return null;
  // Android asks only once there is a channel.
  if (Platform.OS === 'android')
    await Notifications.setNotificationChannelAsync(CHANNEL, {
      name: channelName,
      importance: Notifications.AndroidImportance.DEFAULT,
    });
  const before = await Notifications.getPermissionsAsync();
  if (!allows(before) && !allows(await Notifications.requestPermissionsAsync())) return null;
  const { data } = await Notifications.getExpoPushTokenAsync({ projectId: project });
  return { phone: data };
}

export async function unsubscribe(): Promise<void> {
  await Notifications.unregisterForNotificationsAsync();
}

/** After a sign-out: the server has forgotten the phone with the session, and the phone takes nothing any more. */
export async function leavePush(): Promise<void> {
  try {
    await Notifications.dismissAllNotificationsAsync();
    await unsubscribe();
  } catch {
    // Without a network the phone stays registered with its maker; the server sends it nothing all the same.
  }
}

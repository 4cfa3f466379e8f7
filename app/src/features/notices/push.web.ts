import type { PushAddress, PushOffer, PushState } from './pushTypes';

export const pushPlace = 'browser' as 'phone' | 'browser';

/** Messages arrive at the service worker, which there is over TLS and on this very machine only. */
async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return null;
  return (await navigator.serviceWorker.getRegistration()) ?? null;
}

export async function readPushState(_offer: PushOffer): Promise<PushState> {
  const registration = await worker();
  if (registration === null) return 'unsupported';
  if (Notification.permission === 'denied') return 'blocked';
  if (Notification.permission !== 'granted') return 'off';
  return (await registration.pushManager.getSubscription()) === null ? 'off' : 'on';
}

/** Asks for the permission, so only ever after a press; null when it was refused. */
export async function subscribe({ publicKey }: PushOffer, _channel: string): Promise<PushAddress | null> {
  const registration = await worker();
  if (registration === null || (await Notification.requestPermission()) !== 'granted') return null;
  // One that was made for another server's key, or for another person in this browser, is of no use.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: publicKey,
  });
  const { endpoint, keys } = made.toJSON();
  if (endpoint === undefined || keys?.p256dh === undefined || keys.auth === undefined) return null;
  return { browser: { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } } };
}

export async function unsubscribe(): Promise<void> {
  const registration = await worker();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** After a sign-out: the server has forgotten the browser with the session. */
export async function leavePush(): Promise<void> {}

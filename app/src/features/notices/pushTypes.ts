/** What a device can say about messages to it: it cannot take any, the server sends it none, it was told not to, or it
 * waits to be asked. */
export type PushState = 'unsupported' | 'not_offered' | 'blocked' | 'off' | 'on';

/** What the server says to a device that may want messages. */
export type PushOffer = { publicKey: string; tellsPhones: boolean };

/** What a browser gives to the server, so that messages reach it. */
export type PushSubscriptionKeys = { endpoint: string; keys: { p256dh: string; auth: string } };

/** What a device gives to the server: a browser its keys, a phone the token that Expo's push service knows it by. */
export type PushAddress = { browser: PushSubscriptionKeys } | { phone: string };

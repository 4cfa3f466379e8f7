import AsyncStorage from '@react-native-async-storage/async-storage';
import * as SecureStore from 'expo-secure-store';

import { KeptSession, type Tokens } from './keptSession';

const TOKENS_KEY = 'topform.tokens';
const SERVER_KEY = 'topform.server';

let server = process.env.EXPO_PUBLIC_SERVER ?? '';

const kept = new KeptSession({
  read: () => SecureStore.getItemAsync(TOKENS_KEY),
  write: (text) => SecureStore.setItemAsync(TOKENS_KEY, text),
  erase: () => SecureStore.deleteItemAsync(TOKENS_KEY),
  renew: (refreshToken) =>
    fetch(`${server}/api/v1/sessions/refreshes`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-TopForm-Client': '1' },
      body: JSON.stringify({ refresh_token: refreshToken }),
    }),
});

/** Whether the person has to say which server to talk to. */
export const choosesServer = true;

/** What a sign-in asks for: tokens, which this app keeps where the system keeps secrets. */
export const sessionKind = 'tokens';

/** Reads the kept session; call once before the first request. */
export async function restoreSession(): Promise<void> {
  await kept.restore();
  server = (await AsyncStorage.getItem(SERVER_KEY)) ?? server;
}

export async function keepSession(next: Tokens | null): Promise<void> {
  await kept.keep(next);
}

export async function chooseServer(address: string): Promise<void> {
  server = address.trim().replace(/\/+$/, '');
  await AsyncStorage.setItem(SERVER_KEY, server);
}

export function serverAddress(): string {
  return server;
}

/** Renews the session when its token is about to end; call before each request. */
export async function freshSession(): Promise<void> {
  await kept.fresh();
}

/** Gets other tokens after a refusal, and says whether there is anything to try again with. */
export async function renewSession(): Promise<boolean> {
  return kept.renew();
}

export function sessionHeaders(): Record<string, string> {
  const token = kept.token();
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** What opens the event stream: a first message here, the cookie on the web. */
export function streamToken(): string | null {
  return kept.token();
}

import AsyncStorage from '@react-native-async-storage/async-storage';
import * as SecureStore from 'expo-secure-store';

const TOKEN_KEY = 'topform.token';
const SERVER_KEY = 'topform.server';

let token: string | null = null;
let server = process.env.EXPO_PUBLIC_SERVER ?? '';

/** Whether the person has to say which server to talk to. */
export const choosesServer = true;

/** Reads the kept session; call once before the first request. */
export async function restoreSession(): Promise<void> {
  token = await SecureStore.getItemAsync(TOKEN_KEY);
  server = (await AsyncStorage.getItem(SERVER_KEY)) ?? server;
}

export async function keepSession(next: string | null): Promise<void> {
  token = next;
  if (next === null) await SecureStore.deleteItemAsync(TOKEN_KEY);
  else await SecureStore.setItemAsync(TOKEN_KEY, next);
}

export async function chooseServer(address: string): Promise<void> {
  server = address.trim().replace(/\/+$/, '');
  await AsyncStorage.setItem(SERVER_KEY, server);
}

export function serverAddress(): string {
  return server;
}

export function sessionHeaders(): Record<string, string> {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** What opens the event stream: a first message here, the cookie on the web. */
export function streamToken(): string | null {
  return token;
}

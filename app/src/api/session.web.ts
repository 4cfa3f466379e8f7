import type { Tokens } from './keptSession';

/** Whether the person has to say which server to talk to: in a browser it is the one that served the page. */
export const choosesServer = false;

/** Nothing to read: the browser keeps the session in a cookie that scripts cannot see. */
export async function restoreSession(): Promise<void> {}

/** What a sign-in asks for: a cookie, and nothing in the answer that a script could steal. */
export const sessionKind = 'cookie';

/** Nothing to keep, for the same reason. */
export async function keepSession(_next: Tokens | null): Promise<void> {}

/** Nothing to renew: the cookie lasts as long as it is used. */
export async function freshSession(): Promise<void> {}

export async function renewSession(): Promise<boolean> {
  return false;
}

export async function chooseServer(_address: string): Promise<void> {}

export function serverAddress(): string {
  return window.location.origin;
}

export function sessionHeaders(): Record<string, string> {
  return {};
}

export function streamToken(): string | null {
  return null;
}

/** Whether the person has to say which server to talk to: in a browser it is the one that served the page. */
export const choosesServer = false;

/** Nothing to read: the browser keeps the session in a cookie that scripts cannot see. */
export async function restoreSession(): Promise<void> {}

/** Nothing to keep, for the same reason. */
export async function keepSession(_token: string | null): Promise<void> {}

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

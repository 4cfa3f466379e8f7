/** Handles as typed and as the server takes them. Pure. */

export const LEAST_HANDLE = 3;
export const MOST_HANDLE = 30;
const HANDLE = /^[a-z0-9][a-z0-9_]*$/;

/** In small letters, whatever the language of the device makes of them. */
export function smallHandle(typed: string): string {
  return typed.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function isHandle(handle: string): boolean {
  return handle.length >= LEAST_HANDLE && handle.length <= MOST_HANDLE && HANDLE.test(handle);
}

import type { Href } from 'expo-router';

let pending: Href | null = null;

/** Where somebody wanted to go who has to sign in first. */
export function rememberPath(path: Href): void {
  pending = path;
}

export function takePath(): Href | null {
  const path = pending;
  pending = null;
  return path;
}

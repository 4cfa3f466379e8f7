/** Finished jobs that were put away; remembered on this device so that a reload does not bring them back. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { useSyncExternalStore } from 'react';

const STORAGE_KEY = 'topform.jobs.dismissed';
/** More than the jobs a page of the server holds. */
const KEPT = 100;

let dismissed: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function add(ids: readonly string[]): void {
  dismissed = new Set([...dismissed, ...ids].slice(-KEPT));
  listeners.forEach((listener) => listener());
}

export function idsIn(stored: string | null): string[] {
  return (stored ?? '').split(',').filter((id) => id !== '');
}

void AsyncStorage.getItem(STORAGE_KEY).then((stored) => add(idsIn(stored)));

export function dismissJobs(ids: readonly string[]): void {
  add(ids);
  void AsyncStorage.setItem(STORAGE_KEY, [...dismissed].join(','));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDismissedJobs(): ReadonlySet<string> {
  return useSyncExternalStore(
    subscribe,
    () => dismissed,
    () => dismissed,
  );
}

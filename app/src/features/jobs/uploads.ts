/** Files on their way to the server, before there is a job for them. */
import { useSyncExternalStore } from 'react';

import { UnreachableError } from '@/api/errors';
import { uploadFile } from '@/api/upload';
import type { Job } from '@/api/types';
import type { PickedFile } from '@/design';

export type UploadKind = 'activity' | 'form_check';

export type UploadEntry = {
  key: string;
  kind: UploadKind;
  file: PickedFile;
  exercise: string;
  sent: number;
  error: unknown;
};

type Listener = () => void;

let entries: readonly UploadEntry[] = [];
const listeners = new Set<Listener>();

function set(next: readonly UploadEntry[]): void {
  entries = next;
  listeners.forEach((listener) => listener());
}

function change(key: string, part: Partial<UploadEntry>): void {
  set(entries.map((entry) => (entry.key === key ? { ...entry, ...part } : entry)));
}

function newKey(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
}

/** Sends one file; the entry goes when the server has taken it and stays with its error when it has not. */
export async function send(file: PickedFile, kind: UploadKind, exercise = 'auto'): Promise<Job | null> {
  const entry = { key: newKey(), kind, file, exercise, sent: 0, error: null };
  set([...entries, entry]);
  return attempt(entry);
}

/** Whether a file only waits for a connection. */
export function isWaiting({ error }: Pick<UploadEntry, 'error'>): boolean {
  return error instanceof UnreachableError;
}

/** Sends what waits, under the keys it had: the server stores a file once, also one that arrived unnoticed. */
export async function sendWaiting(): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const entry of entries.filter(isWaiting)) {
    const job = await attempt(entry);
    if (job !== null) jobs.push(job);
  }
  return jobs;
}

async function attempt({ key, kind, file, exercise }: UploadEntry): Promise<Job | null> {
  change(key, { sent: 0, error: null });
  try {
    const job = await uploadFile({
      path: kind === 'activity' ? '/api/v1/activities/uploads' : '/api/v1/form-checks',
      file,
      fields: kind === 'form_check' ? { exercise } : undefined,
      key,
      onProgress: (sent) => change(key, { sent }),
    });
    dismissUpload(key);
    return job;
  } catch (error) {
    change(key, { error });
    return null;
  }
}

export function dismissUpload(key: string): void {
  set(entries.filter((entry) => entry.key !== key));
}

function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useUploads(): readonly UploadEntry[] {
  return useSyncExternalStore(
    subscribe,
    () => entries,
    () => entries,
  );
}

/** The files that this app sends, and what is seen of them. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';

import { answer, api } from '@/api/client';
import { meQuery } from '@/api/queries';
import { uploadFile } from '@/api/upload';

import { shelf } from './shelf';
import { type UploadEntry, uploadLine } from './uploadLine';

export const uploads = uploadLine({
  shelf,
  post: ({ id, kind, exercise, file }, onProgress, signal) =>
    uploadFile({
      path: kind === 'activity' ? '/api/v1/activities/uploads' : '/api/v1/form-checks',
      file,
      fields: kind === 'form_check' ? { exercise } : undefined,
      key: id,
      onProgress,
      signal,
    }),
  whoIsIn: async () => (await answer(api().GET('/api/v1/athletes/me'))).id,
});

/** The signed-in athlete, as far as is known without asking. */
export function useUploader(): string | null {
  return useQuery({ ...meQuery(), enabled: false }).data?.id ?? null;
}

/** The athlete's own files on their way; nobody sees those of another account on the same device. */
export function useUploads(): readonly UploadEntry[] {
  const owner = useUploader();
  const entries = useSyncExternalStore(uploads.subscribe, uploads.entries, uploads.entries);
  return useMemo(() => entries.filter((entry) => entry.owner === owner), [entries, owner]);
}

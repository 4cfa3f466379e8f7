import { onlineManager, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';

import { keys } from '@/api/queries';
import type { Job, JobPage } from '@/api/types';
import type { PickedFile } from '@/design';
import { withJob } from '@/realtime/applyEvent';

import type { UploadKind } from './shelfTypes';
import { uploads, useUploader } from './uploads';

const AGAIN_MS = 20_000;
const VIDEO_ENDINGS = ['.mp4', '.mov', '.m4v', '.webm', '.mkv', '.avi', '.3gp'];
const ACTIVITY_ENDINGS = ['.fit', '.tcx', '.gpx', '.gz', '.zip'];

export const accepted = { activity: ACTIVITY_ENDINGS, video: VIDEO_ENDINGS } as const;

/** What a dropped file is, by its ending; the server decides by its content. */
export function uploadKind(name: string): UploadKind {
  const lower = name.toLowerCase();
  return VIDEO_ENDINGS.some((ending) => lower.endsWith(ending)) ? 'form_check' : 'activity';
}

function show(client: QueryClient, job: Job): void {
  client.setQueryData<JobPage>(keys.jobs, (held) =>
    held === undefined ? { items: [job], next_cursor: null } : withJob(held, job),
  );
}

/** Puts files in line to be sent; a video may say which exercise it shows. */
export function useSend(exercise?: string): (files: PickedFile[]) => Promise<void> {
  const owner = useUploader();
  return useCallback(
    async (files) => {
      if (owner !== null) await uploads.add(owner, files, uploadKind, exercise);
    },
    [owner, exercise],
  );
}

/** Sends what waits on this device: when the app opens, when there is a connection again, and now and then. */
export function useUploadLine(): void {
  const client = useQueryClient();
  const owner = useUploader();
  useEffect(() => uploads.onJob((job) => show(client, job)), [client]);
  useEffect(() => {
    if (owner === null) return undefined;
    const again = () => void uploads.open(owner).then(uploads.sendWaiting);
    again();
    const timer = setInterval(again, AGAIN_MS);
    const leave = onlineManager.subscribe((isOnline) => {
      if (isOnline) again();
    });
    return () => {
      clearInterval(timer);
      leave();
    };
  }, [owner]);
}

import { onlineManager, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';

import { keys } from '@/api/queries';
import type { Job, JobPage } from '@/api/types';
import type { PickedFile } from '@/design';
import { withJob } from '@/realtime/applyEvent';

import { send, sendWaiting, type UploadKind } from './uploads';

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

/** Sends files one after the other and shows their jobs at once; a video may say which exercise it shows. */
export function useSend(exercise?: string): (files: PickedFile[]) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (files) => {
      for (const file of files) {
        const job = await send(file, uploadKind(file.name), exercise);
        if (job !== null) show(client, job);
      }
    },
    [client, exercise],
  );
}

/** Sends what waits for a connection: when asked to, and when there is one again. */
export function useSendWaiting(): () => void {
  const client = useQueryClient();
  const again = useCallback(() => {
    void sendWaiting().then((jobs) => jobs.forEach((job) => show(client, job)));
  }, [client]);
  useEffect(
    () =>
      onlineManager.subscribe((isOnline) => {
        if (isOnline) again();
      }),
    [again],
  );
  return again;
}

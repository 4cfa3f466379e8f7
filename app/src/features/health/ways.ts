/** How what was read on the phone reaches the server. */
import { answer, api } from '@/api/client';
import { uploadFile } from '@/api/upload';
import { newKey } from '@/lib/newKey';
import type { Ways } from '@/health/reading';
import type { HealthStore } from '@/health/types';
import { documentText, fileName } from '@/health/workout';
import { filePart } from '@/live/player/filePart';

export const waysOf = (store: HealthStore): Ways => ({
  store,
  newKey,
  now: () => new Date(),
  sendRecords: (records, key) =>
    answer(
      api().POST('/api/v1/wellness/records', {
        body: records,
        params: { header: { 'Idempotency-Key': key } },
      }),
    ),
  sendWorkout: async (workout, key) => {
    const name = fileName(workout);
    const octets = new TextEncoder().encode(documentText(workout));
    return uploadFile({
      path: '/api/v1/activities/uploads',
      file: { name, size: octets.byteLength, part: await filePart(name, octets) },
      key,
      onProgress: () => undefined,
    });
  },
});

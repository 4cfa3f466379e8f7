/** What of somebody only this device has: chosen files, sets and sessions that the server does not have, and edits. */
import type { QueryClient } from '@tanstack/react-query';

import { isWaitingWrite } from '@/api/writes';
import { uploads } from '@/features/jobs/uploads';
import * as sessions from '@/live/player/kept';
import { forgetWaitingSets, waitingSets } from '@/live/sets/send';

/** How many things would be gone if the device forgot them now. */
export async function countUnsent(client: QueryClient, owner: string): Promise<number> {
  const edits = client.getMutationCache().getAll().filter(isWaitingWrite).length;
  const isUnderWay = (await sessions.kept(owner)) !== null;
  return (
    edits +
    (await uploads.unsent(owner)) +
    (await waitingSets(owner)).length +
    (await sessions.waiting(owner)).length +
    (isUnderWay ? 1 : 0)
  );
}

/** Deletes them from this device; edits go with the client's memory. */
export async function deleteUnsent(owner: string): Promise<void> {
  await uploads.clear(owner);
  await forgetWaitingSets(owner);
  await sessions.forget(owner);
}

/** What of somebody only this device has: chosen files, sets and sessions that the server does not have, edits, and
 * what was typed and not saved. */
import type { QueryClient } from '@tanstack/react-query';

import { isWaitingWrite } from '@/api/writes';
import { uploads } from '@/features/jobs/uploads';
import { draftsOf, forgetDrafts } from '@/features/shell/drafts';
import * as sessions from '@/live/player/kept';
import { forgetWaitingSets, waitingSets } from '@/live/sets/send';
import { forgetLeftSet, isSetLeft } from '@/live/sets/underWay';

/** How many things would be gone if the device forgot them now. */
export async function countUnsent(client: QueryClient, owner: string): Promise<number> {
  const edits = client.getMutationCache().getAll().filter(isWaitingWrite).length;
  const isUnderWay = (await sessions.kept(owner)) !== null;
  return (
    edits +
    (await draftsOf(owner)).length +
    (await uploads.unsent(owner)) +
    (await waitingSets(owner)).length +
    (await sessions.waiting(owner)).length +
    (isUnderWay ? 1 : 0) +
    ((await isSetLeft(owner)) ? 1 : 0)
  );
}

/** Deletes them from this device; edits go with the client's memory. */
export async function deleteUnsent(owner: string): Promise<void> {
  await uploads.clear(owner);
  await forgetDrafts(owner);
  await forgetWaitingSets(owner);
  await forgetLeftSet(owner);
  await sessions.forget(owner);
}

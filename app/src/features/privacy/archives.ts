/** The archive that can be downloaded: the newest, since a newer one replaces it. */
import type { Job } from '@/api/types';

const MEGABYTE = 2 ** 20;

export function latestArchive(jobs: readonly Job[]): { id: string; megabytes: string } | null {
  const newest = jobs.find((job) => job.kind === 'account_export' && job.state === 'succeeded');
  if (!newest || newest.result === null || !('export_id' in newest.result)) return null;
  return {
    id: newest.result.export_id,
    megabytes: Math.max(newest.result.size_bytes / MEGABYTE, 0.1).toFixed(1),
  };
}

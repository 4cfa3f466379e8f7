import type { Job } from '@/api/types';

const SHOWN_FOR_MS = 10 * 60_000;

export function isOpen(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** Ended with something to read: a failure, or a file that was refused. */
export function hasProblem(job: Job): boolean {
  if (job.state === 'failed') return true;
  return job.result !== null && 'files' in job.result
    ? job.result.files.some((file) => file.outcome === 'rejected')
    : false;
}

/** Those with something to read first, as they are why somebody looks; otherwise as they were. */
export function problemsFirst(jobs: readonly Job[]): Job[] {
  return [...jobs].sort((a, b) => Number(hasProblem(b)) - Number(hasProblem(a)));
}

/** Jobs worth a place on a page: open ones, and those that ended a short while ago and were not put away. */
export function visibleJobs(
  jobs: readonly Job[],
  { now, dismissed, kinds }: { now: Date; dismissed: ReadonlySet<string>; kinds?: readonly Job['kind'][] },
): Job[] {
  return jobs.filter((job) => {
    if (kinds && !kinds.includes(job.kind)) return false;
    if (isOpen(job)) return true;
    // A finished plan and rearranged recordings show themselves.
    if ((job.kind === 'plan' || job.kind === 'activity_sources') && job.state === 'succeeded') return false;
    return !dismissed.has(job.id) && now.getTime() - Date.parse(job.updated_at) < SHOWN_FOR_MS;
  });
}

/** Whether activities came in with one of them. */
export function hasImported(jobs: readonly Job[]): boolean {
  return jobs.some(
    ({ result }) =>
      result !== null &&
      'files' in result &&
      result.files.some((file) => file.outcome === 'imported' && file.activity_ids.length > 0),
  );
}

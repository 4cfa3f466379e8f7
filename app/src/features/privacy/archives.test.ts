import type { Job } from '@/api/types';

import { latestArchive } from './archives';

function job(id: string, part: Partial<Job>): Job {
  return { id, kind: 'account_export', state: 'succeeded', result: null, ...part } as Job;
}

test('the newest archive that is ready is offered', () => {
  const result = (id: string) => ({ export_id: id, job_id: id, size_bytes: 5 * 2 ** 20, rows: 1 });
  const jobs = [
    job('c', { state: 'running' }),
    job('b', { result: result('b') }),
    job('a', { result: result('a') }),
  ];
  expect(latestArchive(jobs)).toEqual({ id: 'b', megabytes: '5.0' });
  expect(latestArchive([jobs[0] as Job])).toBeNull();
});

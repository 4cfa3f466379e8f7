import type { FileOutcome, Job } from '@/api/types';

import { hasImported, hasProblem, problemsFirst, visibleJobs } from './selection';
import { uploadKind } from './useSend';

const now = new Date('2026-01-01T12:00:00Z');
const job = (id: string, part: Partial<Job>): Job => ({
  id,
  kind: 'activity_import',
  state: 'succeeded',
  progress: 1,
  stage: null,
  file_name: null,
  error: null,
  result: null,
  created_at: '2026-01-01T11:00:00Z',
  updated_at: '2026-01-01T11:59:00Z',
  ...part,
});
const shown = (jobs: Job[], dismissed: string[] = [], kinds?: Job['kind'][]) =>
  visibleJobs(jobs, { now, dismissed: new Set(dismissed), kinds }).map((item) => item.id);

test('open jobs stay however old they are; finished ones for a while', () => {
  const old = '2025-12-31T00:00:00Z';
  expect(
    shown([
      job('open', { state: 'running', updated_at: old }),
      job('old', { updated_at: old }),
      job('eleven minutes', { updated_at: '2026-01-01T11:49:00Z' }),
      job('new', {}),
    ]),
  ).toEqual(['open', 'new']);
});

test('what was put away stays away, but a job that is running cannot be', () => {
  expect(shown([job('a', {}), job('b', { state: 'queued' })], ['a', 'b'])).toEqual(['b']);
});

test('a finished plan is not news, a failed one is', () => {
  expect(shown([job('a', { kind: 'plan' }), job('b', { kind: 'plan', state: 'failed' })])).toEqual(['b']);
});

test('a refused file is a problem though its job succeeded', () => {
  const file = { name: 'a.fit', outcome: 'rejected', activity_ids: [] } as const;
  expect(hasProblem(job('a', { result: { files: [file] } } as unknown as Partial<Job>))).toBe(true);
  expect(hasProblem(job('b', { state: 'failed' }))).toBe(true);
  expect(hasProblem(job('c', {}))).toBe(false);
});

test('what failed stands before what went well, each as it was', () => {
  const failed = { state: 'failed' } as const;
  const ordered = problemsFirst([job('a', {}), job('b', failed), job('c', {}), job('d', failed)]);
  expect(ordered.map((item) => item.id)).toEqual(['b', 'd', 'a', 'c']);
});

test('a page shows the kinds it is about', () => {
  expect(shown([job('a', {}), job('b', { kind: 'form_check' })], [], ['form_check'])).toEqual(['b']);
});

test('the ending of a file decides where it goes', () => {
  expect(uploadKind('Set 1.MOV')).toBe('form_check');
  expect(uploadKind('ride.fit.gz')).toBe('activity');
});

test('only activities that are new count as imported', () => {
  const file = (outcome: FileOutcome['outcome'], activity_ids: string[]) =>
    job('a', { result: { files: [{ name: 'a.fit', outcome, activity_ids } as FileOutcome], skipped: {} } });
  expect(hasImported([job('a', {}), file('duplicate', ['b']), file('imported', [])])).toBe(false);
  expect(hasImported([file('imported', ['b'])])).toBe(true);
});

import { QueryClient } from '@tanstack/react-query';

import { keys } from '@/api/queries';
import type { Job, JobPage } from '@/api/types';

import { applyEvent, withJob, withoutEntry } from './applyEvent';

function job(id: string, created_at: string, part: Partial<Job> = {}): Job {
  return {
    id,
    kind: 'activity_import',
    state: 'queued',
    progress: 0,
    stage: null,
    file_name: `${id}.fit`,
    error: null,
    result: null,
    created_at,
    updated_at: created_at,
    ...part,
  };
}

const older = job('a', '2026-01-01T10:00:00Z');
const newer = job('b', '2026-01-01T11:00:00Z');
const page: JobPage = { items: [newer, older], next_cursor: null };

test('a job takes its new state in its place', () => {
  const running = { ...older, state: 'running' as const, progress: 0.4, updated_at: '2026-01-01T10:00:05Z' };
  expect(withJob(page, running).items).toEqual([newer, running]);
});

test('a new job comes first', () => {
  const newest = job('c', '2026-01-01T12:00:00Z');
  expect(withJob(page, newest).items.map((item) => item.id)).toEqual(['c', 'b', 'a']);
});

test('an event that was overtaken changes nothing', () => {
  const done = { ...older, state: 'succeeded' as const, updated_at: '2026-01-01T10:00:09Z' };
  const late = { ...older, state: 'running' as const, updated_at: '2026-01-01T10:00:05Z' };
  expect(withJob(withJob(page, done), late).items[1]).toEqual(done);
});

test('applying an event twice is applying it once', () => {
  const running = { ...older, state: 'running' as const, updated_at: '2026-01-01T10:00:05Z' };
  expect(withJob(withJob(page, running), running)).toEqual(withJob(page, running));
});

test('a deleted entry leaves every page', () => {
  const pages = {
    pages: [{ items: [{ id: 'a' }, { id: 'b' }] }, { items: [{ id: 'c' }] }],
    pageParams: [null, 'x'],
  };
  expect(withoutEntry(pages, 'c').pages.map((item) => item.items.length)).toEqual([2, 0]);
});

describe('on the cache', () => {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });
  beforeEach(() => client.clear());

  test('progress of a job is written, not fetched', () => {
    client.setQueryData(keys.jobs, page);
    applyEvent(client, { id: 1, type: 'job.updated', data: { ...older, progress: 0.5 } });
    expect(client.getQueryData<JobPage>(keys.jobs)?.items[1]?.progress).toBe(0.5);
    expect(client.getQueryState(keys.jobs)?.isInvalidated).toBe(false);
  });

  test.each([
    ['activity.created', keys.activities],
    ['activity.updated', [...keys.activities, 'latest']],
    ['activity.updated', keys.activity('a')],
    ['activities.imported', keys.activities],
    ['activities.imported', keys.activity('a')],
    ['activities.recomputed', keys.activities],
    ['activities.recomputed', keys.activity('a')],
    ['fitness.changed', [...keys.fitness, '2026-01-01']],
    ['segments.changed', [...keys.segments, 'list', 'mine']],
    ['activity.deleted', [...keys.segments, 'one', 'a']],
    ['form_check.created', keys.formChecks],
    ['plan.created', keys.plan],
    ['fitness.changed', keys.fitness],
    ['connection.updated', keys.connections],
    ['connection.updated', keys.connection('a')],
    ['connection.deleted', keys.connections],
    ['wellness.changed', [...keys.wellness, 'priorities']],
    ['coaching.changed', [...keys.coaching, 'people']],
    ['athlete.updated', keys.me],
    ['athlete.updated', [...keys.thresholds, 'state']],
    ['fitness.changed', [...keys.thresholds, 'state']],
    ['community.relations_changed', [...keys.community, 'me']],
    ['community.post_changed', [...keys.community, 'feed']],
    ['community.post_deleted', [...keys.community, 'post', 'a']],
    ['community.club_changed', [...keys.community, 'club', 'a', 'people', 'requested']],
    ['community.club_changed', [...keys.community, 'feed']],
    ['community.club_deleted', [...keys.community, 'clubs', 'mine', '']],
    ['community.rooms_changed', [...keys.rooms, 'one', 'a']],
    ['community.relations_changed', keys.rooms],
    ['coaching.changed', keys.rooms],
    ['resync', keys.jobs],
  ])('%p makes the app fetch %p again', (type, key) => {
    client.setQueryData(key, { items: [] });
    applyEvent(client, { id: 1, type, data: { id: 'a' } });
    expect(client.getQueryState(key)?.isInvalidated).toBe(true);
  });

  test('a deleted activity disappears at once', () => {
    client.setQueryData([...keys.activities, { sport: null, q: '' }], {
      pages: [{ items: [{ id: 'a' }, { id: 'b' }], next_cursor: null }],
      pageParams: [null],
    });
    client.setQueryData(keys.activity('a'), { id: 'a' });
    applyEvent(client, { id: 1, type: 'activity.deleted', data: { id: 'a' } });
    const held = client.getQueryData<{ pages: { items: { id: string }[] }[] }>([
      ...keys.activities,
      { sport: null, q: '' },
    ]);
    expect(held?.pages[0]?.items).toEqual([{ id: 'b' }]);
    expect(client.getQueryData(keys.activity('a'))).toBeUndefined();
  });

  test('an event of a later version is ignored', () => {
    client.setQueryData(keys.jobs, page);
    applyEvent(client, { id: 1, type: 'something.new', data: null });
    expect(client.getQueryData(keys.jobs)).toBe(page);
  });
});

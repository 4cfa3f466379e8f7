import type { ActivitySources, ActivitySummary } from '@/api/types';

import { baseName, contested, likelyPairs, mayBeOne, withChoice } from './sources';

function activity(id: string, started_at: string, part: Partial<ActivitySummary> = {}): ActivitySummary {
  return { id, started_at, sport: 'cycling', elapsed_s: 3600, ...part } as ActivitySummary;
}

const ride = activity('a', '2026-04-05T06:30:00Z');

test('two recordings of one time may be one workout', () => {
  expect(mayBeOne(ride, activity('b', '2026-04-05T06:35:00Z'))).toBe(true);
  expect(mayBeOne(ride, activity('b', '2026-04-05T06:35:00Z', { sport: 'other' }))).toBe(true);
  expect(mayBeOne(ride, activity('b', '2026-04-05T06:35:00Z', { sport: 'running' }))).toBe(false);
  expect(mayBeOne(ride, activity('b', '2026-04-05T07:20:00Z'))).toBe(false);
});

test('as long and two hours apart may be a wrong time zone', () => {
  expect(mayBeOne(ride, activity('b', '2026-04-05T08:31:00Z', { elapsed_s: 3500 }))).toBe(true);
  expect(mayBeOne(ride, activity('b', '2026-04-05T08:31:00Z', { elapsed_s: 1200 }))).toBe(false);
  expect(mayBeOne(ride, activity('b', '2026-04-06T06:30:00Z'))).toBe(false);
});

test('a pair is offered once, at the later row', () => {
  const other = activity('b', '2026-04-05T06:31:00Z');
  const far = activity('c', '2026-04-01T06:30:00Z');
  expect([...likelyPairs([other, ride, far]).entries()]).toEqual([['a', other]]);
});

const known: ActivitySources = {
  items: [
    { id: '1', device: 'Edge', has: ['power', 'distance'] },
    { id: '2', device: 'Watch', has: ['heart_rate', 'distance'] },
  ] as ActivitySources['items'],
  given_by: { power: '1', distance: '1', heart_rate: '2' },
  choice: { distance: '2' },
};

test('only what several recordings have is a choice', () => {
  expect(contested(known)).toEqual([
    {
      quantity: 'distance',
      options: [
        { value: '1', label: 'Edge' },
        { value: '2', label: 'Watch' },
      ],
    },
  ]);
});

test('a choice is made and undone', () => {
  expect(withChoice(known.choice, 'distance', 'auto')).toEqual({});
  expect(withChoice({}, 'distance', '1')).toEqual({ distance: '1' });
});

test('folders of an archive are not shown', () => {
  expect(baseName('export.zip/2026/ride.fit')).toBe('ride.fit');
});

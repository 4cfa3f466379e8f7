import AsyncStorage from '@react-native-async-storage/async-storage';
import { QueryClient } from '@tanstack/react-query';

import { enqueue, keep, kept } from '@/live/player/kept';
import { newWorkout, type Workout } from '@/live/player/workout';

import { countUnsent, deleteUnsent } from './unsent';

const workout = (id: string, owner: string): Workout =>
  newWorkout({ id, owner, title: 'Ride', sport: 'cycling', steps: [] }, 0);
const set = (id: string, owner: string) => ({ id, owner, set: { exercise: 'push_up' } });

beforeEach(async () => {
  await AsyncStorage.clear();
  await AsyncStorage.setItem('topform.live.sets', JSON.stringify([set('s1', 'lena'), set('s2', 'otto')]));
  await enqueue(workout('w1', 'lena'));
  await enqueue(workout('w2', 'otto'));
  await keep(workout('now', 'lena'));
});

test('sets, finished sessions and the one under way count, each for its owner', async () => {
  const client = new QueryClient();
  expect(await countUnsent(client, 'lena')).toBe(3);
  expect(await countUnsent(client, 'otto')).toBe(2);
  expect(await countUnsent(client, 'nobody')).toBe(0);
});

test('signing out deletes what is of the one who signs out, and nothing of another', async () => {
  await deleteUnsent('lena');
  const client = new QueryClient();
  expect(await countUnsent(client, 'lena')).toBe(0);
  expect(await kept('lena')).toBeNull();
  expect(await countUnsent(client, 'otto')).toBe(2);
  await deleteUnsent('otto');
  expect(await countUnsent(client, 'otto')).toBe(0);
});

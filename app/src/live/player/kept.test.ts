import AsyncStorage from '@react-native-async-storage/async-storage';

import { enqueue, keep, kept, waiting } from './kept';
import { newWorkout, record, type Workout } from './workout';

function ridden(id: string, seconds: number): Workout {
  let state = newWorkout({ id, owner: 'me', title: 'Ride', sport: 'cycling', steps: [] }, 0);
  for (let s = 1; s <= seconds; s++) {
    state = record(state, { speedMS: 8, cadence: 90, powerW: 200 + (s % 50) }, 8, s * 1000);
  }
  return state;
}

beforeEach(() => AsyncStorage.clear());

test('a long ride comes back with every sample, and another athlete finds nothing', async () => {
  await keep(ridden('a', 299));
  await keep(ridden('a', 300));
  const state = ridden('a', 731);
  await keep(state);
  expect(await kept('me')).toEqual(state);
  expect(await kept('you')).toBeNull();
});

test('keeping once more writes only what is new', async () => {
  await keep(ridden('b', 700));
  const write = jest.spyOn(AsyncStorage, 'setItem');
  write.mockClear();
  await keep(ridden('b', 702));
  expect(write.mock.calls.map(([key]) => key)).toEqual(['topform.live.samples.2', 'topform.live.workout']);
  write.mockRestore();
});

test('the next workout has no sample of the one before', async () => {
  await keep(ridden('c', 900));
  await enqueue(ridden('c', 901));
  expect((await waiting('me')).map((one) => one.samples.length)).toEqual([901]);
  expect(await kept('me')).toBeNull();
  await keep(ridden('d', 5));
  expect((await kept('me'))?.samples).toHaveLength(5);
});

test('what was kept before the app knew of samples is read', async () => {
  const { samples: _, distanceM: __, ...old } = ridden('e', 0);
  await AsyncStorage.setItem('topform.live.workout', JSON.stringify(old));
  const back = await kept('me');
  expect([back?.samples, back?.distanceM]).toEqual([[], null]);
});

test('a session that is being put in line is not overlooked by who asks in the same moment', async () => {
  void enqueue(ridden('c', 3));
  expect((await waiting('me')).map(({ id }) => id)).toEqual(['c']);
});

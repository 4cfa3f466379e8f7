import AsyncStorage from '@react-native-async-storage/async-storage';

import { ApiError, UnreachableError } from '@/api/errors';

import { outboxOf, type WaitingSet } from './send';

const ONE: WaitingSet = {
  id: 'set-1',
  owner: 'lena',
  set: { exercise: 'push_up', duration_s: 9, frames: 90, poses_found: 90, reps: [] },
};

/** A server that stores each key once and can be out of reach, before it hears or after. */
function server() {
  const there = {
    stored: [] as string[],
    heard: 0,
    reach: 'yes' as 'yes' | 'no' | 'answer lost' | 'refuses',
  };
  const post = async ({ id }: WaitingSet): Promise<string> => {
    if (there.reach === 'no') throw new UnreachableError();
    there.heard++;
    if (there.reach === 'refuses') throw new ApiError(403, 'consent_missing', 'No consent', null);
    if (!there.stored.includes(id)) there.stored.push(id);
    if (there.reach === 'answer lost') throw new UnreachableError();
    return `check of ${id}`;
  };
  return { there, post };
}

const kept = async (): Promise<WaitingSet[]> =>
  JSON.parse((await AsyncStorage.getItem('topform.live.sets')) ?? '[]');

beforeEach(() => AsyncStorage.clear());

test('a set saved without a network waits, also over the end of the app, and is stored once', async () => {
  const { there, post } = server();
  there.reach = 'no';
  expect(await outboxOf(post).save(ONE)).toBeNull();
  expect(await kept()).toEqual([ONE]);

  const after = outboxOf(post);
  expect(await after.sendAll('lena')).toBe(1);
  there.reach = 'answer lost';
  expect(await after.sendAll('lena')).toBe(1);
  there.reach = 'yes';
  expect(await after.sendAll('max')).toBe(0);
  expect(await kept()).toEqual([ONE]);
  expect(await Promise.all([after.sendAll('lena'), after.sendAll('lena')])).toEqual([0, 0]);
  expect(await kept()).toEqual([]);
  expect(there).toMatchObject({ stored: ['set-1'], heard: 2 });
});

test('with a network it is sent at once; what the server refuses is told and not kept', async () => {
  const { there, post } = server();
  expect(await outboxOf(post).save(ONE)).toBe('check of set-1');
  there.reach = 'refuses';
  await expect(outboxOf(post).save({ ...ONE, id: 'set-2' })).rejects.toBeInstanceOf(ApiError);
  expect(await kept()).toEqual([]);
});

import { life, newPhone } from './phoneFiles';

const { store } = jest.requireActual<typeof import('./store')>('./store.ts');

jest.mock('expo-file-system', () => jest.requireActual<object>('./phoneFiles'));

beforeEach(newPhone);

test('texts are kept by name until they are removed', async () => {
  await store.set('topform.live.workout', 'one');
  await store.set('topform.live.samples.0', 'two');
  await store.set('topform.live.workout', 'three');
  expect(await store.get('topform.live.workout')).toBe('three');
  expect((await store.keys()).sort()).toEqual(['topform.live.samples.0', 'topform.live.workout']);
  await store.remove('topform.live.workout');
  expect(await store.get('topform.live.workout')).toBeNull();
  expect(await store.keys()).toEqual(['topform.live.samples.0']);
});

test('wherever the app is killed while it writes, the old text or the new one is there as a whole', async () => {
  for (let steps = 0; steps < 6; steps++) {
    newPhone();
    await store.set('a', 'what was before');
    life.steps = steps;
    const isKilled = await store.set('a', 'what is new').then(
      () => false,
      () => true,
    );
    life.steps = Infinity;
    expect(['what was before', 'what is new']).toContain(await store.get('a'));
    expect(isKilled).toBe(steps < 5);
    // And it can be changed again.
    await store.set('a', 'later');
    expect(await store.get('a')).toBe('later');
  }
});

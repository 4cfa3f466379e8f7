import { dehydrate, hydrate, onlineManager, QueryClient } from '@tanstack/react-query';

import { defineWrites, isWaitingWrite, writeKeys } from './writes';

const client = () => new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });

afterEach(() => onlineManager.setOnline(true));

test('what was written without a network survives the app and is sent with what was typed', async () => {
  onlineManager.setOnline(false);
  const before = client();
  defineWrites(before);
  const written = { key: 'k', activityId: 'a', change: { title: 'Tunnel' } };
  void before.getMutationCache().build(before, { mutationKey: writeKeys.activity }).execute(written);
  await Promise.resolve();
  const kept = JSON.parse(JSON.stringify(dehydrate(before, { shouldDehydrateMutation: isWaitingWrite })));
  expect(kept.mutations).toHaveLength(1);

  const sent: unknown[] = [];
  const after = client();
  defineWrites(after);
  after.setMutationDefaults(writeKeys.activity, {
    mutationFn: async (variables: unknown) => {
      sent.push(variables);
    },
  });
  hydrate(after, kept);
  await after.resumePausedMutations();
  expect(sent).toEqual([]);
  onlineManager.setOnline(true);
  await after.resumePausedMutations();
  expect(sent).toEqual([written]);
});

test('other changes do not wait', () => {
  const state = { status: 'pending' } as never;
  expect(isWaitingWrite({ options: { mutationKey: ['sign-in'] }, state })).toBe(false);
  expect(isWaitingWrite({ options: { mutationKey: writeKeys.feedback }, state })).toBe(true);
});

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { keys, meQuery } from '@/api/queries';
import { disconnect, type HealthState, kindState, readHealth, readState, turn } from '@/health/reading';
import {
  type Availability,
  type HealthKind,
  healthKinds,
  type HealthStore,
  type Permission,
} from '@/health/types';

import { waysOf } from './ways';

const healthKey = ['phone-health'] as const;

export type PhoneHealth = {
  availability: Availability;
  state: HealthState;
  permissions: Record<HealthKind, Permission> | null;
};

async function look(store: HealthStore, owner: string): Promise<PhoneHealth> {
  const [availability, state] = await Promise.all([store.availability(), readState(owner)]);
  if (availability !== 'ready') return { availability, state, permissions: null };
  const permissions = {} as Record<HealthKind, Permission>;
  // One question after the other: both stores answer for one kind at a time.
  for (const kind of healthKinds) permissions[kind] = await store.permission(kind);
  return { availability, state, permissions };
}

export function useOwner(): string | null {
  return useQuery({ ...meQuery(), enabled: false }).data?.id ?? null;
}

export const usePhoneHealth = (store: HealthStore, owner: string) =>
  useQuery({
    queryKey: [...healthKey, owner],
    queryFn: () => look(store, owner),
    networkMode: 'always',
    gcTime: 0,
  });

/** Reads what is new; what cannot be sent waits on the phone. */
export function useReadHealth(store: HealthStore, owner: string) {
  const client = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: () => readHealth(owner, waysOf(store)),
    onSettled: async (result) => {
      if (result !== undefined && result.sent > 0) {
        await client.invalidateQueries({ queryKey: keys.wellness });
        await client.invalidateQueries({ queryKey: keys.jobs });
      }
      await client.invalidateQueries({ queryKey: healthKey });
    },
  });
}

/** Asks the phone about one kind and has it read from then on, or has it read no more. */
export function useTurnKind(store: HealthStore, owner: string) {
  const client = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: async ({ kind, on }: { kind: HealthKind; on: boolean }) =>
      turn(owner, kind, on, on ? await store.ask(kind) : 'unknown'),
    onSettled: () => client.invalidateQueries({ queryKey: healthKey }),
  });
}

export function useDisconnectHealth(owner: string) {
  const client = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: () => disconnect(owner),
    onSettled: () => client.invalidateQueries({ queryKey: healthKey }),
  });
}

export type KindShown = 'off' | 'read' | 'not_read_yet' | 'refused' | 'not_taken';

/** What a person is told of one kind. */
export function shown({ state, permissions }: PhoneHealth, kind: HealthKind): KindShown {
  const { on, readAt, problem } = kindState(state, kind);
  if (problem !== null) return problem;
  if (!on) return 'off';
  if (permissions !== null && permissions[kind] === 'refused') return 'refused';
  // Pulse and route come with the workouts.
  const read = kind === 'heart_rate' || kind === 'routes' ? kindState(state, 'workouts').readAt : readAt;
  return read === null ? 'not_read_yet' : 'read';
}

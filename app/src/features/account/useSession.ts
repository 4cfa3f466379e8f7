import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { chooseServer, choosesServer, keepSession } from '@/api/session';
import type { Athlete, SignIn, SignUp } from '@/api/types';

type SignedIn = { athlete: Athlete; token: string };

export function useSignIn(server: string) {
  const enter = useEnter();
  return useMutation({
    mutationKey: ['sign-in'],
    mutationFn: async (body: SignIn) => {
      if (choosesServer) await chooseServer(server);
      return answer(api().POST('/api/v1/sessions', { body }));
    },
    onSuccess: enter,
  });
}

export function useSignUp(server: string) {
  const enter = useEnter();
  return useMutation({
    mutationKey: ['sign-in'],
    mutationFn: async (body: SignUp) => {
      if (choosesServer) await chooseServer(server);
      return answer(api().POST('/api/v1/accounts', { body }));
    },
    onSuccess: enter,
  });
}

function useEnter() {
  const client = useQueryClient();
  const router = useRouter();
  return async ({ athlete, token }: SignedIn) => {
    await keepSession(token);
    client.clear();
    client.setQueryData(keys.me, athlete);
    router.replace('/');
  };
}

export function useSignOut() {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => answer(api().DELETE('/api/v1/sessions/current')),
    onSuccess: async () => {
      await keepSession(null);
      client.clear();
      router.replace('/sign-in');
    },
  });
}

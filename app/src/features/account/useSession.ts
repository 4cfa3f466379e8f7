import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';

import { answer, api } from '@/api/client';
import { askForPasskey } from '@/api/passkeys';
import { keys } from '@/api/queries';
import { chooseServer, choosesServer, keepSession, sessionKind } from '@/api/session';
import { openPage } from '@/features/connections/openPage';
import { leavePush } from '@/features/notices/push';
import { beginWelcome } from '@/features/welcome/progress';
import { takePath } from './pendingPath';
import { deleteUnsent } from './unsent';
import type { Athlete, SignedIn, SignIn, SignUp } from '@/api/types';

export function useSignIn(server: string) {
  const enter = useEnter();
  return useMutation({
    mutationKey: ['sign-in'],
    mutationFn: async (body: Omit<SignIn, 'session'>) => {
      if (choosesServer) await chooseServer(server);
      return answer(api().POST('/api/v1/sessions', { body: { ...body, session: sessionKind } }));
    },
    onSuccess: enter,
  });
}

/** Signs in with a passkey that the person chooses in the browser's own dialog. */
export function usePasskeySignIn() {
  const enter = useEnter();
  return useMutation({
    mutationKey: ['sign-in'],
    mutationFn: async () => {
      const options = await answer(api().POST('/api/v1/sessions/passkey-challenges'));
      const credential = await askForPasskey(options.public_key);
      return answer(api().POST('/api/v1/sessions/passkeys', { body: { credential, session: sessionKind } }));
    },
    onSuccess: enter,
  });
}

/** Goes to the page of a provider that knows the person already; it leads back to `/identity`. */
export function useIdentitySignIn() {
  return useMutation({
    mutationKey: ['sign-in'],
    mutationFn: (provider: string) =>
      answer(api().POST('/api/v1/sessions/identity-flows', { body: { provider } })),
    onSuccess: ({ authorization_url }) => openPage(authorization_url),
  });
}

export function useSignUp(server: string) {
  const enter = useEnter('/welcome');
  return useMutation({
    mutationKey: ['sign-in'],
    mutationFn: async (body: Omit<SignUp, 'session'>) => {
      if (choosesServer) await chooseServer(server);
      return answer(api().POST('/api/v1/accounts', { body: { ...body, session: sessionKind } }));
    },
    onSuccess: async (signedIn) => {
      await beginWelcome(signedIn.athlete.id);
      await enter(signedIn);
    },
  });
}

/** Keeps the session of somebody who came in and shows the first screen. */
export function useEnter(first: '/' | '/welcome' = '/') {
  const client = useQueryClient();
  const router = useRouter();
  return async ({ athlete, token, expires_at, refresh_token }: SignedIn) => {
    await keepSession({ token, expires_at, refresh_token });
    client.clear();
    client.setQueryData(keys.me, athlete);
    router.replace(takePath() ?? first);
  };
}

export function useSignOut() {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => answer(api().DELETE('/api/v1/sessions/current')),
    onSuccess: async () => {
      const owner = client.getQueryData<Athlete>(keys.me)?.id;
      if (owner !== undefined) await deleteUnsent(owner);
      await leavePush();
      await keepSession(null);
      client.clear();
      router.replace('/sign-in');
    },
  });
}

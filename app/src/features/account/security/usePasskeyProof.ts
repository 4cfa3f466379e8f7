import { useMutation, useQuery } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { askForPasskey, canUsePasskeys } from '@/api/passkeys';
import type { PasskeyAssertion } from '@/api/passkeyTypes';
import { securityQuery, signUpStateQuery } from '@/api/queries';

export type Proof = { password: string } | { passkey: PasskeyAssertion };

/** A passkey in the place of the password, where the account has one and this device can use it. */
export function usePasskeyProof(onProof: (proof: Proof) => void) {
  const security = useQuery(securityQuery());
  const state = useQuery(signUpStateQuery());
  const ask = useMutation({
    mutationFn: async () => {
      const options = await answer(api().POST('/api/v1/accounts/me/passkey-challenges'));
      return askForPasskey(options.public_key);
    },
    onSuccess: (passkey) => onProof({ passkey }),
  });
  return {
    offered: (security.data?.passkeys.length ?? 0) > 0 && canUsePasskeys(state.data?.passkey_origins ?? []),
    busy: ask.isPending,
    error: ask.error,
    ask: () => ask.mutate(),
  };
}

/** What can be agreed to, and saying so. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';
import { type Consent, consentsQuery } from '@/features/formChecks/formQueries';

export type Purpose = Consent['purpose'];

/** What concerns health; asked before anything of the kind is taken. */
export const healthPurposes = ['training_diary', 'body_and_wellness', 'form_videos'] as const;
export type HealthPurpose = (typeof healthPurposes)[number];

type Consents = components['schemas']['Consents'];

/** The answers with one of them new. */
export function withConsent(held: Consents | undefined, changed: Consent): Consents | undefined {
  return held && { items: held.items.map((item) => (item.purpose === changed.purpose ? changed : item)) };
}

/** One answer after the other, in the order in which they were given. */
const scope = { id: 'consents' };

const say = ({ purpose, text_version }: Consent, is_given: boolean) =>
  answer(
    api().PUT('/api/v1/consents/{purpose}', {
      params: { path: { purpose } },
      body: { is_given, text_version },
    }),
  );

export function useSayConsent(consent: Consent) {
  const client = useQueryClient();
  return useMutation({
    scope,
    mutationFn: (is_given: boolean) => say(consent, is_given),
    onSuccess: (changed) => {
      client.setQueryData<Consents>(keys.consents, (held) => withConsent(held, changed));
      void client.invalidateQueries({ queryKey: keys.consents });
      void client.invalidateQueries({ queryKey: keys.formChecks });
    },
  });
}

/** The purposes to which there is no yes. */
export function leftOut(items: readonly Consent[], purposes: readonly Purpose[]): Consent[] {
  return items.filter((item) => purposes.includes(item.purpose) && !item.is_given);
}

/** Says no to what was shown and left out; a yes that is still on its way arrives first. */
export function useRefuseRest(purposes: readonly Purpose[]) {
  const client = useQueryClient();
  return useMutation({
    scope,
    networkMode: 'always',
    mutationFn: async () => {
      const { items } = await client.ensureQueryData(consentsQuery());
      for (const consent of leftOut(items, purposes)) {
        const changed = await say(consent, false);
        client.setQueryData<Consents>(keys.consents, (held) => withConsent(held, changed));
      }
    },
  });
}

/** What is missing of these purposes; null while nobody knows. Without a network nobody is held back. */
export function useMissingConsents(purposes: readonly HealthPurpose[]): HealthPurpose[] | null {
  const consents = useQuery(consentsQuery());
  if (consents.data === undefined)
    return consents.isLoading && consents.fetchStatus === 'fetching' ? null : [];
  const given = new Set<Purpose>(
    consents.data.items.filter((item) => item.is_given).map((item) => item.purpose),
  );
  return purposes.filter((purpose) => !given.has(purpose));
}

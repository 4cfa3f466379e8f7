import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useToast } from '@/design';
import { useCommunityChange } from '@/features/community/communityQueries';

/** A moderator's decision: chosen first, then given with a reason. */
export function useDecision<Decision>(
  send: (given: { decision: Decision; note: string }) => Promise<unknown>,
) {
  const { t } = useTranslation();
  const toast = useToast();
  const [asked, setAsked] = useState<Decision | null>(null);
  const decide = useCommunityChange(
    async ({ onSent, ...given }: { decision: Decision; note: string; onSent: () => void }) => {
      await send(given);
      onSent();
    },
    () => {
      setAsked(null);
      toast(t('moderation.done'));
    },
  );
  return {
    asked,
    choose: (decision: Decision) => {
      decide.reset();
      setAsked(decision);
    },
    /** What the dialog that asks for the reason needs. */
    dialog: {
      open: true,
      busy: decide.isPending,
      error: decide.error,
      onConfirm: (note: string, onSent: () => void) => {
        if (asked !== null) decide.mutate({ decision: asked, note, onSent });
      },
      onClose: () => setAsked(null),
    },
  };
}

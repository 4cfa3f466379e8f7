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
  const decide = useCommunityChange(send, () => {
    setAsked(null);
    toast(t('moderation.done'));
  });
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
      onConfirm: (note: string) => {
        if (asked !== null) decide.mutate({ decision: asked, note });
      },
      onClose: () => setAsked(null),
    },
  };
}

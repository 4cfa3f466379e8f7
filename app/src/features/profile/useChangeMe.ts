import { useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { AthleteChange } from '@/api/types';

export function useChangeMe(onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    // One after the other, so that what was said last holds.
    scope: { id: 'me' },
    mutationFn: (body: AthleteChange) => answer(api().PATCH('/api/v1/athletes/me', { body })),
    onSuccess: (athlete, { language }) => {
      client.setQueryData(keys.me, athlete);
      // The server writes plans, reasons and warnings in the language of the profile.
      if (language) void client.invalidateQueries();
      onDone?.();
    },
  });
}

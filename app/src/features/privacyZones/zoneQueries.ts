import { queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

export type PrivacyZone = components['schemas']['PrivacyZone'];

export const privacyZonesQuery = () =>
  queryOptions({
    queryKey: keys.privacyZones,
    queryFn: () => answer(api().GET('/api/v1/athletes/me/privacy-zones')),
  });

/** What the form-check screens ask beside the check itself; under its key, so that the same events refresh them. */
import { queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Track = Schemas['MovementTrack'];
export type Comparison = Schemas['FormComparison'];
export type JointDifference = Schemas['JointDifference'];
export type ReferenceKind = Comparison['reference'];
export type Dispute = Schemas['Dispute'];
export type LabelSheet = Schemas['LabelSheet'];
export type RepLabel = Schemas['RepLabel'];
export type FaultCode = Schemas['Fault'];
export type Agreement = Schemas['Agreement'];
export type FilmedSet = Schemas['FilmedSet'];
export type SetSaid = Schemas['SetSaid'];
export type Consent = Schemas['Consent'];

/** What the server calls the recording of a set that was done before the camera. */
export const LIVE = 'live';

export const MODEL_CONSENT = 'improve_form_model' as const;
export const PREDICTIONS_CONSENT = 'improve_predictions' as const;

const at = (id: string) => ({ params: { path: { form_check_id: id } } });

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.formCheck(id), 'track'],
    staleTime: Infinity,
    queryFn: () => answer(api().GET('/api/v1/form-checks/{form_check_id}/track', at(id))),
  });

export const comparisonQuery = (id: string, reference: ReferenceKind, rep: number | null) =>
  queryOptions({
    queryKey: [...keys.formCheck(id), 'comparison', reference, rep],
    retry: false,
    queryFn: () =>
      answer(
        api().GET('/api/v1/form-checks/{form_check_id}/comparison', {
          params: {
            path: { form_check_id: id },
            query: { reference, ...(rep === null ? {} : { rep }) },
          },
        }),
      ),
  });

export const disputesQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.formCheck(id), 'disputes'],
    queryFn: () => answer(api().GET('/api/v1/form-checks/{form_check_id}/disputes', at(id))),
  });

export const labelsQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.formCheck(id), 'labels'],
    queryFn: () => answer(api().GET('/api/v1/form-checks/{form_check_id}/labels', at(id))),
  });

export const labelRequestsQuery = () =>
  queryOptions({
    queryKey: [...keys.formChecks, 'label-requests'],
    queryFn: () => answer(api().GET('/api/v1/form-checks/label-requests')),
  });

export const consentsQuery = () =>
  queryOptions({ queryKey: keys.consents, queryFn: () => answer(api().GET('/api/v1/consents')) });

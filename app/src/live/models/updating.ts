/** Asks the server for the form model that decides, and says which ones this device may run. */
import { answer, api } from '@/api/client';
import { ApiError, UnreachableError } from '@/api/errors';

import type { Octets } from './checker';
import { formModelsHere, isTroubleHere } from './here';
import { type Candidate, FORM_MODEL, type Outcome } from './keeping';

/** Bring the device up to date; null where no answer came or where the device can do none of it. */
export async function updateFormModel(): Promise<Outcome | null> {
  const models = formModelsHere();
  if (models === null) return null;
  try {
    const offer = await answer(
      api().GET('/api/v1/device-models/{model_id}', { params: { path: { model_id: FORM_MODEL } } }),
    );
    return await models.take(offer, fetched);
  } catch (error) {
    if (isExpected(error)) return null;
    throw error;
  }
}

/** The models that may be tried before the one that ships with the app, the newest first. */
export async function keptFormModels(): Promise<Candidate[]> {
  try {
    return (await formModelsHere()?.candidates()) ?? [];
  } catch (error) {
    if (isExpected(error)) return [];
    throw error;
  }
}

/** Never try these again on this device. */
export async function refuseFormModels(digests: readonly string[]): Promise<void> {
  try {
    await formModelsHere()?.refuse(digests);
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}

async function fetched(sha256: string): Promise<Octets> {
  const content = await answer(
    api().GET('/api/v1/device-models/{model_id}/files/{sha256}', {
      params: { path: { model_id: FORM_MODEL, sha256 } },
      parseAs: 'arrayBuffer',
    }),
  );
  return new Uint8Array(content as unknown as ArrayBuffer);
}

/** No network, a server that refuses, or a device that cannot: the set goes on with what is there. */
const isExpected = (error: unknown): boolean =>
  error instanceof UnreachableError || error instanceof ApiError || isTroubleHere(error);

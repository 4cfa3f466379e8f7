import type { PickedFile } from '@/design';

import { CLIENT_HEADER } from './client';
import { apiErrorFrom, UnreachableError } from './errors';
import { freshSession, serverAddress, sessionHeaders } from './session';
import type { Job } from './types';

export type Upload = {
  path: '/api/v1/activities/uploads' | '/api/v1/form-checks' | '/api/v1/account/imports';
  file: PickedFile;
  fields?: Record<string, string>;
  /** Sent again with the same key, an upload is stored once. */
  key: string;
  onProgress: (sentFraction: number) => void;
  /** Ends the sending; the server may have it all the same. */
  signal?: AbortSignal;
};

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Sends one file and says how far it is; `fetch` cannot report progress, XMLHttpRequest can, on every platform. */
export async function uploadFile({ path, file, fields, key, onProgress, signal }: Upload): Promise<Job> {
  await freshSession();
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value);
    if (file.part instanceof Blob) form.append('file', file.part, file.name);
    else form.append('file', file.part as unknown as Blob);
    const request = new XMLHttpRequest();
    request.open('POST', `${serverAddress()}${path}`);
    const headers = { ...CLIENT_HEADER, ...sessionHeaders(), 'Idempotency-Key': key };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(new UnreachableError());
    request.onabort = () => reject(new UnreachableError());
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as Job);
      else reject(apiErrorFrom(request.status, body));
    };
    signal?.addEventListener('abort', () => request.abort());
    if (signal?.aborted) reject(new UnreachableError());
    else request.send(form);
  });
}

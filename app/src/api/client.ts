import createClient from 'openapi-fetch';

import { apiErrorFrom, UnreachableError } from './errors';
import type { paths } from './schema';
import { freshSession, renewSession, serverAddress, sessionHeaders } from './session';

/** Tells the server that the request comes from the app and not from a form on another site. */
export const CLIENT_HEADER = { 'X-TopForm-Client': '1' } as const;

async function reach(request: Request): Promise<Response> {
  await freshSession();
  const again = request.clone();
  const answer = await send(request);
  return answer.status === 401 && (await renewSession()) ? send(again) : answer;
}

async function send(request: Request): Promise<Response> {
  for (const [name, value] of Object.entries(sessionHeaders())) request.headers.set(name, value);
  try {
    return await fetch(request);
  } catch (error) {
    throw new UnreachableError({ cause: error });
  }
}

/** The generated, typed client; its address is settled anew for each request because native apps can change it. */
export function api() {
  return createClient<paths>({
    baseUrl: serverAddress(),
    credentials: 'same-origin',
    headers: CLIENT_HEADER,
    fetch: reach,
  });
}

type Answer<Body> = { data?: Body; error?: unknown; response: Response };

/** Turns a refusal into an `ApiError`, so that callers only see bodies. */
export async function answer<Body>(asked: Promise<Answer<Body>>): Promise<Body> {
  const { data, error, response } = await asked;
  if (!response.ok) throw apiErrorFrom(response.status, error);
  return data as Body;
}

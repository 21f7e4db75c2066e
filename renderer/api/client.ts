import type { Api } from '../../src/engine/api/app.ts';
import { hc } from 'hono/client';
import { ApiError, lostTrouble, troubleOfResponse } from './problem.ts';

type Listener = (reachable: boolean) => void;
const listeners = new Set<Listener>();

/** Tells after every call whether anybody answered; returns the unsubscribe function. */
export function onReach(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `fetch` that throws `ApiError` for refusals and for a host that does not answer; an abort stays a DOMException. */
export async function call(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    for (const listener of listeners) listener(false);
    throw new ApiError(lostTrouble);
  }
  for (const listener of listeners) listener(true);
  if (!response.ok) throw new ApiError(await troubleOfResponse(response));
  return response;
}

/** The engine's API, typed by its own contract; the same origin on every host. */
export const client = hc<Api>('/', { fetch: call });

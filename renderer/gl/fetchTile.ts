import type { Client } from '../api/client.ts';
import { ApiError, lostTrouble } from '../api/problem.ts';
import { readTileAnswer, type TileAnswer } from './tileAnswer.ts';

/**
 * One tile of the engine. Throws `ApiError` for a refusal or where nobody answers, `Error` for a tile that cannot be
 * read, and an AbortError when aborted.
 */
export async function fetchTile(
  client: Client,
  url: string,
  init: { headers?: Record<string, string>; signal?: AbortSignal },
): Promise<TileAnswer> {
  // The view and the engine each keep tiles: a third copy in the browser's cache costs more time than it saves.
  const response = await client.call(url, { ...init, cache: 'no-store' });
  if (response.status === 204) {
    // The scheduler dropped it as work of an older generation.
    throw new DOMException('The tile was dropped.', 'AbortError');
  }
  let body: ArrayBuffer;
  try {
    body = await response.arrayBuffer();
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    // The engine went away in the middle of its answer.
    throw new ApiError(lostTrouble);
  }
  return readTileAnswer(response.headers, body);
}

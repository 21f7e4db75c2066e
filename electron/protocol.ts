import { CubelensError, problemResponse, type Engine } from '../src/engine/engine.ts';
import { securityHeaders } from '../src/hosts/securityHeaders.ts';
import type { WindowFiles } from '../src/hosts/windowFiles.ts';
import { isOurs } from './security.ts';

/** A request as Electron 45 makes it. */
export type ProtocolRequest = Request & { initiatorOrigin?: string };

/**
 * Answers `cubelens://app/`: the engine at `/api`, the window's files elsewhere. It answers whatever happens: a throw would be
 * ERR_UNEXPECTED in the window, without words.
 */
export function createProtocolHandler(engine: Pick<Engine, 'fetch'>, files: WindowFiles) {
  return async (request: ProtocolRequest): Promise<Response> => {
    try {
      return dressed(await answer(engine, files, request));
    } catch (thrown) {
      return dressed(problemResponse(thrown));
    }
  };
}

async function answer(
  engine: Pick<Engine, 'fetch'>,
  files: WindowFiles,
  request: ProtocolRequest,
): Promise<Response> {
  if (!isOurs(request.url)) throw refused('This address is not the one of the window.');
  const { pathname } = new URL(request.url);
  if (pathname === '/api' || pathname.startsWith('/api/')) {
    const { initiatorOrigin } = request;
    // Absent for the browser's own loads; a page cannot forge it.
    if (initiatorOrigin !== undefined && !isOurs(initiatorOrigin))
      throw refused('This request comes from another page.');
    return engine.fetch(request);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new CubelensError('not-found', `There is no ${request.method} of this.`);
  }
  // `cubelens://app` without a slash has an empty path in Node. The table knows no `..`, decoded or not.
  const file = await files.answer(pathname === '' ? '/' : pathname);
  if (file === null) throw new CubelensError('not-found', 'There is no such file.');
  return request.method === 'HEAD' ? new Response(null, { headers: file.headers }) : file;
}

/** One Response with all headers: some have headers that cannot be changed, and 204 and 304 need a body of null. */
function dressed(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  const { status, body } = response;
  return new Response(status === 204 || status === 304 ? null : body, { status, headers });
}

const refused = (message: string): CubelensError => new CubelensError('access-denied', message);

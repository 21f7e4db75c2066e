import type { Problem } from '../contract/host.ts';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { logInternal } from '../base/debugLog.ts';
import { asCubelensError, CubelensError, toWireError, type ErrorCode } from '../base/errors.ts';

const statuses: Record<ErrorCode, number> = {
  'invalid-request': 400,
  'not-found': 404,
  'access-denied': 403,
  'unsupported-format': 415,
  'malformed-file': 422,
  'out-of-range': 416,
  'resource-exhausted': 507,
  cancelled: 499,
  'not-converged': 422,
  degenerate: 422,
  internal: 500,
};

/** Turns anything thrown into a problem+json answer. */
export function problemResponse(thrown: unknown): Response {
  // Hono refuses a body that is not JSON by an error of its own.
  const error =
    thrown instanceof HTTPException && thrown.status < 500
      ? new CubelensError('invalid-request', `${thrown.message}.`, {}, thrown)
      : asCubelensError(thrown);
  logInternal(error);
  const status = statuses[error.code];
  const problem: Problem = {
    type: `urn:cubelens:error:${error.code}`,
    title: error.code,
    status,
    detail: error.message,
    ...toWireError(error),
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/** Answer to a path or method that the API does not have. */
export function notFound(context: Context): Response {
  return problemResponse(
    new CubelensError('not-found', `There is no ${context.req.method} ${context.req.path}.`, {
      field: 'path',
    }),
  );
}

/** What a failed check of a request becomes. */
export function refusal(issues: readonly { path: readonly PropertyKey[]; message: string }[]): CubelensError {
  const issue = issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  const place = field === '' ? {} : { field };
  return new CubelensError(
    'invalid-request',
    `${field === '' ? 'The request' : field}: ${issue?.message ?? 'not valid'}.`,
    place,
  );
}

import { zValidator } from '@hono/zod-validator';
import type { ValidationTargets } from 'hono';
import type { z } from 'zod';
import { refusal } from './problems.ts';

/** Checks one part of a request; a failure throws the engine's one error type. */
export function check<Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result) => {
    if (!result.success) throw refusal(result.error.issues);
  });
}

import { z } from 'zod';

/** An index of a line, sample or band, from 0. */
export const indexSchema = z.int().min(0);

/** A number in a query: an empty text is none, and neither is what rounds to infinity. */
export const queryNumberSchema = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, 'must be a number')
  .transform(Number)
  .refine(Number.isFinite, 'must be a finite number');

/** A whole number from 0 in a query or path. */
export const queryIndexSchema = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number from 0')
  .transform(Number);

/** A number as JSON can hold it: "NaN", "Infinity" and "-Infinity" as text, 64-bit integers beyond 2^53 as decimal strings. */
export type JsonNumber = number | string;

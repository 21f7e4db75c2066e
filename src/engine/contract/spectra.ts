import { z } from 'zod';
import type { Assumption } from './cube.ts';
import { edgeModeSchema, filterAxisSchema, gapModeSchema, type FilterSettings } from './filter.ts';
import { queryNumberSchema } from './numbers.ts';

/** A filter in a query: what is left out has a default. */
export const filterQuery = {
  window: queryNumberSchema.optional(),
  degree: queryNumberSchema.optional(),
  derivative: queryNumberSchema.optional(),
  axis: filterAxisSchema.optional(),
  edge: edgeModeSchema.optional(),
  gap: gapModeSchema.optional(),
};

const pixelForm = 'must be LINE,SAMPLE, both whole numbers from 0';

const pixel = z
  .string()
  .regex(/^\d+,\d+$/)
  .transform((text) => {
    const [line = 0, sample = 0] = text.split(',').map(Number);
    return { line, sample };
  });

/** `GET /cubes/:cubeId/spectra`. */
export const spectraQuerySchema = z.object({
  at: z
    // Its own words: a union says only that no part of it fits.
    .union([pixel, z.array(pixel)], pixelForm)
    .transform((at) => (Array.isArray(at) ? at : [at]))
    .refine((at) => at.length >= 1 && at.length <= 1000, 'must be given 1 to 1000 times'),
  ...filterQuery,
});

/**
 * A stored value as JSON carries it: a number; a decimal string for 64-bit integers beyond 2^53; (real, imaginary) for
 * complex types; null for NaN and infinity.
 */
export type StoredEntry = number | string | [number, number] | null;

/** The spectrum of one pixel. All arrays have one entry a band, in file order, bad bands included. */
export interface PixelSpectrum {
  /** From 0. */
  line: number;
  /** From 0. */
  sample: number;
  /** As in the file, before scale and offset; bad bands too. */
  stored: StoredEntry[];
  /** After scale and offset (complex: magnitude); null where not finite or nodata. */
  values: (number | null)[];
  /** Smoothed values; null at bad bands, short segments and unfillable windows. Null as a whole without a filter. */
  smoothed: (number | null)[] | null;
  /** The filter's derivative, per nm^n or per band^n by the axis. Null as `smoothed`. */
  derivative: (number | null)[] | null;
  /** True where the window was evaluated off-centre at a segment's end. */
  edge: boolean[];
}

/** What a spectrum request answers: the JSON of the command line's `spectrum` and of the API. */
export interface SpectrumResult {
  /** The filter, complete; null where none was asked for. */
  filter: FilterSettings | null;
  /** Nanometres, one entry a band (null: that band has none); null where the cube has no wavelengths. */
  wavelengthsNm: (number | null)[] | null;
  bandIsGood: boolean[];
  /** Units of the three kinds of numbers, for people ("reflectance", "reflectance/nm^2"). */
  units: { values: string; smoothed: string; derivative: string };
  /** Sentences about bands that the filter leaves out. */
  notes: string[];
  /** What was assumed when the cube was opened, as in `info`. */
  assumptions: Assumption[];
  pixels: PixelSpectrum[];
}

import { z } from 'zod';

/** Coordinate of the fit: true wavelengths in nm, or the original band index. */
export const filterAxisSchema = z.enum(['wavelength', 'band']);
export type FilterAxis = z.infer<typeof filterAxisSchema>;

/** At a segment's ends: evaluate the inside window off-centre (`fit`), or leave those bands out (`nan`). */
export const edgeModeSchema = z.enum(['fit', 'nan']);
export type EdgeMode = z.infer<typeof edgeModeSchema>;

/** Where a window has a gap in a pixel: fit the remaining samples (`refit`), or give no value (`strict`). */
export const gapModeSchema = z.enum(['refit', 'strict']);
export type GapMode = z.infer<typeof gapModeSchema>;

/** A Savitzky-Golay filter, complete. Its ranges are checked by the engine, with words of their own. */
export interface FilterSettings {
  /** Number of bands in the window: odd, 3 to 101. */
  window: number;
  /** Degree of the polynomial: 0 to 6 and below the window. */
  degree: number;
  /** Order of the derivative: 0 (smoothing) to 3, not above the degree. */
  derivative: number;
  axis: FilterAxis;
  edge: EdgeMode;
  gap: GapMode;
}

/** A filter as it is asked for: what is left out has a default. A complete one asks for itself. */
export const filterRequestSchema = z.strictObject({
  window: z.number().optional(),
  degree: z.number().optional(),
  derivative: z.number().optional(),
  axis: filterAxisSchema.optional(),
  edge: edgeModeSchema.optional(),
  gap: gapModeSchema.optional(),
});
export type FilterRequest = z.infer<typeof filterRequestSchema>;

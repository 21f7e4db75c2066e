import type { RowWeights } from '../kernels/bandedOperator.ts';

/** What makes numbers values: value = scale x number + offset, one entry a band; all finite. Plain data. */
export interface BandScaling {
  scales: Float64Array;
  offsets: Float64Array;
}

/**
 * The scaling of bands whose scale and offset may be unknown (null: 1 and 0); null where numbers are values already in
 * every band.
 */
export function bandScaling(
  bands: readonly { scale: number | null; offset: number | null }[],
): BandScaling | null {
  const scales = Float64Array.from(bands, ({ scale }) => scale ?? 1);
  const offsets = Float64Array.from(bands, ({ offset }) => offset ?? 0);
  const isPlain = scales.every((scale) => scale === 1) && offsets.every((offset) => offset === 0);
  return isPlain ? null : { scales, offsets };
}

/**
 * Folds scale and offset into a row: weights for values become weights for numbers, and a constant.
 *
 * sum of w (s n + o) = sum of (w s) n + sum of w (o - c) + c (sum of w), where c is the offset of the row's own band. The
 * weights sum to 1 for derivative 0 and to 0 for others; taken as such the last term is exact, and with one offset for
 * all bands no rounding of the weights is multiplied by it.
 *
 * `weights` has one entry a band of `bandIndexes`, 0 for bands that are missing; without scaling it is kept as it is.
 */
export function foldScaling(
  weights: Float64Array,
  { bandIndexes, bandIndex, derivative }: { bandIndexes: Int32Array; bandIndex: number; derivative: number },
  scaling: BandScaling | null,
): RowWeights {
  if (scaling === null) return { weights, constant: 0 };
  const { scales, offsets } = scaling;
  const own = offsets[bandIndex] ?? 0;
  const folded = new Float64Array(weights.length);
  let constant = 0;
  for (let i = 0; i < weights.length; i++) {
    const band = bandIndexes[i] ?? 0;
    const weight = weights[i] ?? 0;
    folded[i] = weight * (scales[band] ?? 1);
    constant += weight * ((offsets[band] ?? 0) - own);
  }
  return { weights: folded, constant: derivative === 0 ? constant + own : constant };
}

import { seededRandom, type Random } from '../../base/random.ts';
import type { VaeConfig } from '../../contract/vae.ts';

/** Rows to train on and rows that are held out. */
export interface Split {
  training: Int32Array;
  heldOut: Int32Array;
}

/** Fewer held-out samples than this say nothing. */
const fewestHeldOut = 10;
/** Stream of the split; those of the epochs count from 2. */
const splitStream = 2 ** 40;

/** Which rows are held out, drawn by the seed; none where the share comes to fewer than 10. */
export function split(rows: number, { validationShare, seed }: VaeConfig): Split {
  const held = Math.floor(rows * validationShare);
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  if (held < fewestHeldOut) return { training: all, heldOut: new Int32Array(0) };
  const mixed = shuffled(all, seededRandom(seed, splitStream));
  // Sorted, as every epoch shuffles anyway.
  return { training: mixed.slice(held).sort(), heldOut: mixed.slice(0, held).sort() };
}

/** A copy in random order (R. Fisher and F. Yates). */
export function shuffled(rows: Int32Array, random: Random): Int32Array {
  const out = rows.slice();
  for (let k = out.length - 1; k > 0; k--) {
    const other = random.below(k + 1);
    const kept = out[k] as number;
    out[k] = out[other] as number;
    out[other] = kept;
  }
  return out;
}

/** So many standard normal numbers. */
export function normals(count: number, random: Random): Float32Array {
  const out = new Float32Array(count);
  for (let k = 0; k < count; k++) out[k] = random.normal();
  return out;
}

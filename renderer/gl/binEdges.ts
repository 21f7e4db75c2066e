/** Values of the first and the last colour; `high` below `low` turns the colours round. */
export interface Limits {
  low: number;
  high: number;
}

/** Colours of a map. */
export const bins = 256;
const largest = 3.4028234663852886e38;

/**
 * The colour (0 to 255) of a value, by the rule of exported pictures: 256 bins of equal width between low and high,
 * values outside take the end colours; with low = high, values below, at and above it take 0, 128 and 255.
 */
export function binOf(value: number, { low, high }: Limits): number {
  // Halves keep the span of two huge limits finite.
  const perBin = bins / 2 / (high / 2 - low / 2);
  const bin = low === high ? 128 + Math.sign(value - low) * 128 : (value - low) * perBin;
  return bin >= 255 ? 255 : bin > 0 ? Math.floor(bin) : 0;
}

/**
 * The same rule for a graphics card, without its arithmetic: `edges[k]` is the smallest float32 that has colour k or a
 * later one, so that a value's colour is the number of the last edge that is not above it. A comparison of float32
 * numbers is exact everywhere; a product may come out one bin beside the exported picture. `direction` is -1 where the
 * colours are turned round: then values and edges are negated. Throws `RangeError` where a limit is not finite.
 */
export function binEdges(limits: Limits): { edges: Float32Array<ArrayBuffer>; direction: 1 | -1 } {
  const { low, high } = limits;
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new RangeError(`The limits of a colour scale must be finite, not ${low} and ${high}.`);
  }
  const direction = high < low ? -1 : 1;
  const edges = new Float32Array(bins);
  edges[0] = -largest;
  let from = orderOf(-largest);
  for (let k = 1; k < bins; k++) {
    // The bin grows with the number: halve the range that is left of all float32 numbers in their order.
    let below = from;
    let reached = orderOf(largest);
    while (below < reached) {
      const middle = Math.floor((below + reached) / 2);
      if (binOf(direction * numberOf(middle), limits) >= k) reached = middle;
      else below = middle + 1;
    }
    edges[k] = numberOf(reached);
    from = reached;
  }
  return { edges, direction };
}

const bits = new DataView(new ArrayBuffer(4));

/** Place of a float32 among all of them: neighbours differ by 1, and 0 has place 0. */
function orderOf(value: number): number {
  bits.setFloat32(0, value);
  const raw = bits.getInt32(0);
  return raw >= 0 ? raw : -(raw & 0x7fff_ffff);
}

function numberOf(order: number): number {
  bits.setInt32(0, Math.abs(order));
  const size = bits.getFloat32(0);
  return order < 0 ? -size : size;
}

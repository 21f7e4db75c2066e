import { seededRandom } from '../../base/random.ts';
import { throwIfAborted, type CancelSignal } from '../../base/signal.ts';
import type { Box } from './box.ts';
import { largest, type Objective } from './objective.ts';

/** Most starts that are kept away from each other. */
const mostApart = 500;

/** Values looked at for each start asked for. */
const looksPerStart = 32;

/**
 * Where searches begin, in unit coordinates: the centre, corners, and points that fill the box evenly; the later half are
 * the highest of many such points, none close to another where there are at most 500. The same seed gives the same starts.
 */
export function startPoints(
  objective: Objective,
  box: Box,
  count: number,
  seed: number,
  signal: CancelSignal | undefined,
): Float64Array[] {
  const { size } = box;
  const even = evenPoints(size, seed);
  const starts: Float64Array[] = [new Float64Array(size).fill(0.5)];
  const corners = Math.min(2 ** Math.min(size, 20), Math.floor(count / 4));
  for (let corner = 0; corner < corners; corner++) {
    // First the lowest and the highest corner, then their neighbours.
    const bits = corner % 2 === 0 ? corner / 2 : 2 ** Math.min(size, 20) - 1 - (corner - 1) / 2;
    starts.push(Float64Array.from({ length: size }, (_, i) => Math.floor(bits / 2 ** (i % 20)) % 2));
  }
  while (starts.length < Math.ceil((count + 1 + corners) / 2)) starts.push(even());
  const looked: { unit: Float64Array; value: number }[] = [];
  for (let k = 0; k < count; k++) {
    throwIfAborted(signal);
    const units = Array.from({ length: looksPerStart }, even);
    const values = objective.values(units.map((unit) => box.point(unit)));
    units.forEach((unit, i) => looked.push({ unit, value: values[i] as number }));
  }
  looked.sort((a, b) => b.value - a.value);
  // Of very many all are close to others, and to compare each with each would take minutes.
  if (count > mostApart) return [...starts, ...looked.map(({ unit }) => unit)].slice(0, count);
  let apart = 0.5 / count ** (1 / size);
  while (starts.length < count) {
    for (const { unit } of looked) {
      throwIfAborted(signal);
      if (starts.length >= count) break;
      const isNew = starts.every((other) => largest(unit.map((u, i) => u - (other[i] as number))) > apart);
      if (isNew) starts.push(unit);
    }
    apart /= 2;
  }
  return starts.slice(0, count);
}

/**
 * Points that fill the unit box evenly: multiples of the powers of a generalised golden ratio (M. Roberts, "The
 * unreasonable effectiveness of quasirandom sequences", 2018), shifted by the seed.
 */
function evenPoints(size: number, seed: number): () => Float64Array {
  // In many dimensions the powers lie too close to each other.
  const many = seededRandom(seed, 1);
  if (size > 12) return () => Float64Array.from({ length: size }, () => many.uniform());
  let ratio = 2;
  for (let k = 0; k < 60; k++) ratio = (1 + ratio) ** (1 / (size + 1));
  const random = seededRandom(seed);
  const shift = Float64Array.from({ length: size }, () => random.uniform());
  let k = 0;
  return () => {
    k++;
    return shift.map((start, i) => (start + k * ratio ** -(i + 1)) % 1);
  };
}
